// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.EntryForm;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;
import org.opdbus.verticles.state.ContainerChange.NoOp;

final class StateDiffTest {
    private static final EntryForm LXC = EntryForm.of(ContainerId.Kind.LXC);
    private static final ContainerId ID = new ContainerId("100");
    private static final StateDefaults DEFAULTS = new StateDefaults(id -> new LinkName("vi" + id.value()), "vmbr0");

    @Test
    void what_is_missing_is_created_with_its_defaults() throws Exception {
        List<ContainerState> desired = desired("{\"id\":\"100\",\"properties\":{\"ipv4\":\"10.0.0.5/24\"}}");
        assertThat(between(desired, List.of()).changes())
                .containsExactly(new Create(new ContainerState(
                        ID, Optional.of("vi100"), Optional.of("vmbr0"), true, Map.of("ipv4", "10.0.0.5/24"))));
    }

    @Test
    void what_is_as_it_is_wanted_is_no_operation_whatever_else_it_has() {
        ContainerState observed = state(true, Map.of("memory", 512L, "hostname", "web", "unprivileged", true));
        assertThat(between(List.of(state(true, Map.of("memory", 512))), List.of(observed))
                        .changes())
                .containsExactly(new NoOp(ID));
        assertThat(between(List.of(observed), List.of(observed)).actions()).isEmpty();
    }

    @Test
    void each_change_has_its_values_before_and_after_and_a_reason() {
        ContainerState observed = new ContainerState(
                ID, Optional.of("veth0"), Optional.of("vmbr1"), true, Map.of("memory", 512L, "vlan", 4L));
        ContainerState desired = new ContainerState(
                ID, Optional.of("vi100"), Optional.of(""), false, Map.of("memory", 1024L, "cores", 2L));
        assertThat(between(List.of(desired), List.of(observed)).changes())
                .containsExactly(new Modify(
                        ID,
                        List.of(
                                change("bridge", "vmbr1", "", "its link is on another bridge"),
                                new Change(
                                        "properties.cores",
                                        Optional.empty(),
                                        Optional.of(2L),
                                        "the state file wants it"),
                                change("properties.memory", 512L, 1024L, "the state file wants another value"),
                                change("running", true, false, "it runs and must be stopped"),
                                change("veth", "veth0", "vi100", "its link has another name"))));
    }

    @Test
    void what_cannot_be_seen_of_a_stopped_container_does_not_differ() {
        ContainerState stopped = new ContainerState(ID, Optional.empty(), Optional.empty(), false, Map.of());
        ContainerState desired = state(true, Map.of("network_type", "bridge", "vlan", 4L));
        assertThat(between(List.of(desired), List.of(stopped)).changes())
                .containsExactly(new Modify(ID, List.of(change("running", false, true, "it is stopped and must run"))));
        assertThat(keys(between(List.of(desired), List.of(state(true, Map.of())))))
                .containsExactly("properties.network_type", "properties.vlan");
    }

    @Test
    void two_ways_to_write_a_value_do_not_differ() {
        ContainerState observed = state(
                true, Map.of("features", "fuse=1,nesting=1", "nameserver", "10.0.0.1 10.0.0.2", "searchdomain", "a b"));
        ContainerState desired = state(
                true,
                Map.of(
                        "features",
                        "nesting=1,keyctl=0,fuse=1",
                        "nameserver",
                        "10.0.0.1, 10.0.0.2",
                        "searchdomain",
                        "a,b"));
        assertThat(between(List.of(desired), List.of(observed)).actions()).isEmpty();
        assertThat(keys(between(List.of(state(true, Map.of("nameserver", "10.0.0.2 10.0.0.1"))), List.of(observed))))
                .containsExactly("properties.nameserver");
    }

    @Test
    void what_a_container_is_made_of_differs_only_where_it_is_known() {
        ContainerState desired = state(true, Map.of("template", "busybox", "rootfs", "/a", "unprivileged", true));
        assertThat(between(List.of(desired), List.of(state(true, Map.of()))).actions())
                .isEmpty();
        assertThat(keys(between(List.of(desired), List.of(state(true, Map.of("template", "debian"))))))
                .containsExactly("properties.template");
    }

    @Test
    void what_the_last_apply_set_and_the_file_says_no_more_is_undone() throws Exception {
        LastApplied last = last(Map.of("memory", 512, "vlan", 4, "hostname", "web", "template", "busybox"));
        // The host name has been changed by another hand since, and is that hand's now.
        ContainerState observed = state(
                true, Map.of("memory", 512L, "vlan", 4L, "hostname", "other", "template", "busybox", "cores", 2L));
        StateDiff diff =
                StateDiff.between(List.of(state(true, Map.of("memory", 512L))), List.of(observed), last, false);
        assertThat(diff.changes())
                .containsExactly(new Modify(
                        ID,
                        List.of(new Change(
                                "properties.vlan",
                                Optional.of(4L),
                                Optional.empty(),
                                "the last applied state file set it, and this one does not"))));
    }

    @Test
    void another_token_is_a_change_only_against_the_last_apply() throws Exception {
        ContainerState observed = state(true, Map.of("network_type", "netmaker"));
        ContainerState desired = state(true, Map.of("network_type", "netmaker", "netmaker_token_env", "B"));
        assertThat(between(List.of(desired), List.of(observed)).actions()).isEmpty();
        assertThat(keys(StateDiff.between(
                        List.of(desired), List.of(observed), last(Map.of("netmaker_token_env", "A")), false)))
                .containsExactly("properties.netmaker_token_env");
    }

    @Test
    void only_what_the_last_apply_had_is_pruned_and_only_when_asked() throws Exception {
        ContainerState foreign =
                new ContainerState(new ContainerId("999"), Optional.of("vi999"), Optional.of("vmbr0"), true, Map.of());
        ContainerState observed = state(true, Map.of());
        LastApplied last = last(Map.of())
                .with(new DesiredContainer(
                        new ContainerId("gone"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ContainerProperties.none()));
        assertThat(StateDiff.between(List.of(), List.of(foreign, observed), last, false)
                        .changes())
                .isEmpty();
        assertThat(StateDiff.between(List.of(), List.of(foreign, observed), last, true)
                        .changes())
                .containsExactly(new Delete(ID, "the last applied state file had it, and this one does not"));
    }

    @Test
    void what_is_deleted_comes_before_what_may_take_its_names() throws Exception {
        List<ContainerState> desired = desired("{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\",\"running\":false}");
        List<ContainerState> observed = List.of(
                state(true, Map.of()),
                desired.get(1),
                new ContainerState(new ContainerId("c"), Optional.empty(), Optional.empty(), true, Map.of()));
        assertThat(StateDiff.between(desired, observed, last(Map.of()), true).changes())
                .map(change -> change.getClass().getSimpleName() + " " + change.id())
                .containsExactly("Delete 100", "Modify c", "Create a", "NoOp b");
    }

    @Test
    void the_json_is_as_it_was_promised() throws Exception {
        List<ContainerState> desired = desired("{\"id\":\"101\",\"properties\":{\"network_type\":\"bridge\"}},"
                + "{\"id\":\"102\",\"properties\":{\"memory\":64}}");
        ContainerState observed =
                new ContainerState(new ContainerId("102"), Optional.of("vi102"), Optional.of("vmbr0"), true, Map.of());
        StateDiff diff = StateDiff.between(desired, List.of(observed, state(true, Map.of())), last(Map.of()), true);
        JsonArray json = DiffJson.render(diff, Instant.ofEpochSecond(1_729_414_800));
        assertThat(json).isEqualTo(new JsonArray("""
                [{"plugin": "lxc",
                  "actions": [
                    {"Delete": {"resource": "100"}},
                    {"Modify": {"resource": "102", "changes": {"properties.memory":
                       {"before": null, "after": 64, "why": "the state file wants it"}}}},
                    {"Create": {"resource": "101", "config": {"id": "101", "veth": "vi101", "bridge": "vmbr0",
                       "running": true, "properties": {"network_type": "bridge"}}}}],
                  "metadata": {"timestamp": 1729414800,
                    "current_hash": "%s", "desired_hash": "%s"}}]
                """.formatted(
                        DiffJson.hash(LXC, diff.current()), DiffJson.hash(LXC, diff.desired()))));
        assertThat(DiffJson.render(between(desired, desired), Instant.EPOCH).encode())
                .isEqualTo("[]");
    }

    /** The hash was made by {@code printf … | sha256sum} of the canonical text. */
    @Test
    void the_hash_is_that_of_the_canonical_json() {
        String canonical = "{\"containers\":[{\"bridge\":\"vmbr0\",\"id\":\"100\",\"properties\":{\"cores\":2,"
                + "\"memory\":64},\"running\":true,\"veth\":\"vi100\"}]}";
        assertThat(new JsonObject(canonical).encode()).isEqualTo(canonical);
        assertThat(DiffJson.hash(LXC, List.of(state(true, Map.of("memory", 64L, "cores", 2)))))
                .isEqualTo("12a34103a047c2c92bffe41ca93d7118725b43d826e627520ff5403f078dd908");
    }

    @Test
    void a_link_name_that_another_has_by_default_is_refused() {
        assertThatThrownBy(() -> desired("{\"id\":\"100\"},{\"id\":\"web\",\"veth\":\"vi100\"}"))
                .isInstanceOf(StateException.class)
                .hasMessage("containers 100 and web would both have the link vi100");
        assertThatThrownBy(() -> between(List.of(state(true, Map.of()), state(false, Map.of())), List.of()))
                .hasMessage("container 100 is given twice");
    }

    private static StateDiff between(List<ContainerState> desired, List<ContainerState> observed) {
        return StateDiff.between(desired, observed, LastApplied.none(), false);
    }

    private static List<String> keys(StateDiff diff) {
        return diff.actions().stream()
                .flatMap(change -> ((Modify) change).changes().stream())
                .map(Change::key)
                .toList();
    }

    private static Change change(String key, Object before, Object after, String why) {
        return new Change(key, Optional.of(before), Optional.of(after), why);
    }

    private static ContainerState state(boolean running, Map<String, Object> properties) {
        return new ContainerState(ID, Optional.of("vi100"), Optional.of("vmbr0"), running, properties);
    }

    private static LastApplied last(Map<String, Object> properties) {
        return LastApplied.none()
                .with(new DesiredContainer(
                        ID, Optional.empty(), Optional.empty(), Optional.empty(), ContainerProperties.of(properties)));
    }

    private static List<ContainerState> desired(String containers) throws Exception {
        DesiredState state = StateLoader.parse(
                Path.of("state.json"), "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[" + containers + "]}}}");
        return DEFAULTS.resolve(state);
    }
}
