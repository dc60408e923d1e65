// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;
import org.opdbus.verticles.state.ContainerChange.NoOp;

/** Entries that only attach workloads, compared with workloads that run, do not run, or are not there. */
final class AttachmentDiffTest {
    private static final int ROUNDS = 2_000;
    private static final ContainerId WEB = Kind.DOCKER.id("web");
    private static final StateDefaults DEFAULTS = new StateDefaults(id -> new LinkName("vi" + id.value()), "vmbr0");
    private static final String VLAN = "{\"name\":\"web\",\"properties\":{\"vlan\":20}}";

    @Test
    void a_container_that_runs_detached_is_to_be_attached() throws Exception {
        StateDiff diff = between(VLAN, List.of(running("", Map.of())), LastApplied.none(), false);
        assertThat(diff.changes())
                .containsExactly(new Modify(
                        WEB,
                        List.of(
                                change("bridge", "", "vmbr0", "the state file wants another value"),
                                change("properties.vlan", null, 20L, "the state file wants it"))));
    }

    @Test
    void what_labels_attached_as_the_entry_says_does_not_differ() throws Exception {
        assertThat(between(VLAN, List.of(running("vmbr0", Map.of("vlan", 20L))), LastApplied.none(), false)
                        .changes())
                .containsExactly(new NoOp(WEB));
    }

    @Test
    void what_does_not_run_differs_until_its_entry_was_applied() throws Exception {
        for (Optional<ContainerState> there : List.of(Optional.<ContainerState>empty(), Optional.of(stopped()))) {
            List<ContainerState> observed = there.map(List::of).orElse(List.of());
            StateDiff first = between(VLAN, observed, LastApplied.none(), false);
            String why = there.isEmpty()
                    ? "there is none of this name; this applies when one starts"
                    : "it does not run; this applies when it starts";
            assertThat(first.changes())
                    .containsExactly(new Modify(
                            WEB,
                            List.of(change("bridge", null, "vmbr0", why), change("properties.vlan", null, 20L, why))));
            assertThat(between(VLAN, observed, last(state(VLAN)), false).actions())
                    .isEmpty();
            assertThat(keys(between("{\"name\":\"web\",\"bridge\":\"vmbr1\"}", observed, last(state(VLAN)), false)))
                    .containsExactly("bridge", "properties.vlan");
        }
    }

    @Test
    void what_a_running_container_does_not_show_is_compared_with_the_last_apply() throws Exception {
        String entry = "{\"name\":\"web\",\"ifname\":\"net0\",\"mtu\":1400,\"properties\":"
                + "{\"network_type\":\"bridge\",\"ipv4\":\"10.0.0.9/24\",\"gateway\":\"10.0.0.1\"}}";
        List<ContainerState> observed = List.of(running("vmbr0", Map.of()));
        assertThat(keys(between(entry, observed, LastApplied.none(), false)))
                .containsExactly("ifname", "mtu", "properties.gateway", "properties.ipv4");
        assertThat(between(entry, observed, last(state(entry)), false).actions())
                .isEmpty();
        assertThat(between("{\"name\":\"web\"}", observed, last(state(entry)), false)
                        .changes())
                .hasOnlyElementsOfType(Modify.class)
                .flatMap(change -> ((Modify) change).changes())
                .allSatisfy(change -> {
                    assertThat(change.after()).isEmpty();
                    assertThat(change.why()).isEqualTo("the last applied state file set it, and this one does not");
                })
                .hasSize(4);
    }

    @Test
    void a_VLAN_that_the_last_apply_set_is_undone_and_another_ones_is_not() throws Exception {
        LastApplied last = last(state(VLAN));
        String entry = "{\"name\":\"web\"}";
        assertThat(between(entry, List.of(running("vmbr0", Map.of("vlan", 20L))), last, false)
                        .changes())
                .containsExactly(new Modify(
                        WEB,
                        List.of(change(
                                "properties.vlan",
                                20L,
                                null,
                                "the last applied state file set it, and this one does not"))));
        assertThat(between(entry, List.of(running("vmbr0", Map.of("vlan", 30L))), last, false)
                        .actions())
                .isEmpty();
    }

    @Test
    void a_name_for_the_link_is_compared_with_the_link() throws Exception {
        String entry = "{\"name\":\"web\",\"veth\":\"shop\"}";
        assertThat(keys(between(entry, List.of(running("vmbr0", Map.of())), last(state(entry)), false)))
                .containsExactly("veth");
    }

    @Test
    void a_mesh_differs_until_the_container_is_in_it_and_after_the_entry_has_lost_it() throws Exception {
        String entry = "{\"name\":\"web\",\"properties\":{\"network_type\":\"netmaker\"}}";
        ContainerState attached = running("vmbr0", Map.of("network_type", "bridge"));
        ContainerState joined = running("vmbr0", Map.of("network_type", "netmaker"));
        assertThat(keys(between(entry, List.of(attached), last(state(entry)), false)))
                .containsExactly("properties.network_type");
        assertThat(between(entry, List.of(joined), last(state(entry)), false).actions())
                .isEmpty();
        String bridged = "{\"name\":\"web\",\"properties\":{\"network_type\":\"bridge\"}}";
        assertThat(keys(between(bridged, List.of(joined), last(state(entry)), false)))
                .containsExactly("properties.network_type");
        assertThat(between(bridged, List.of(attached), last(state(bridged)), false)
                        .actions())
                .isEmpty();
        // A mesh that labels ask for is not an earlier entry's.
        assertThat(between("{\"name\":\"web\"}", List.of(joined), LastApplied.none(), false)
                        .actions())
                .isEmpty();
    }

    @Test
    void nothing_of_a_running_container_differs_while_the_switch_is_away() throws Exception {
        ContainerState there = new ContainerState(WEB, Optional.empty(), Optional.empty(), true, Map.of());
        assertThat(between(VLAN, List.of(there), LastApplied.none(), false).actions())
                .isEmpty();
    }

    @Test
    void an_entry_is_deleted_only_by_prune_and_whether_its_container_exists_or_not() throws Exception {
        DesiredState none = DesiredState.of(List.of());
        LastApplied last = last(state(VLAN));
        List<ContainerState> nothing = List.of();
        for (List<ContainerState> observed : List.of(nothing, List.of(running("vmbr0", Map.of())))) {
            assertThat(StateDiff.between(List.of(), observed, last, false).changes())
                    .isEmpty();
            assertThat(StateDiff.between(DEFAULTS.resolve(none), observed, last, true)
                            .changes())
                    .containsExactly(new Delete(WEB, "the last applied state file had it, and this one does not"));
        }
        // Somebody else's container, which no entry ever named.
        assertThat(StateDiff.between(List.of(), List.of(running("vmbr0", Map.of())), LastApplied.none(), true)
                        .changes())
                .isEmpty();
    }

    @Test
    void the_differences_are_printed_by_plugin_and_by_the_names_that_people_use() throws Exception {
        String text = "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[{\"id\":\"100\"}]},"
                + "\"docker\":{\"containers\":[" + VLAN + "]},\"vm\":{\"machines\":[{\"id\":\"101\"}]}}}";
        List<ContainerState> desired = DEFAULTS.resolve(StateLoader.parse(Path.of("-"), text));
        JsonArray plugins = DiffJson.render(
                StateDiff.between(desired, List.of(running("", Map.of())), LastApplied.none(), false), Instant.EPOCH);
        assertThat(plugins.stream().map(plugin -> ((JsonObject) plugin).getString("plugin")))
                .containsExactly("lxc", "docker", "vm");
        JsonObject docker = plugins.getJsonObject(1);
        assertThat(docker.getJsonArray("actions").getJsonObject(0).getJsonObject("Modify"))
                .isEqualTo(new JsonObject("{\"resource\":\"web\",\"changes\":{"
                        + "\"bridge\":{\"before\":\"\",\"after\":\"vmbr0\",\"why\":\"the state file wants another value\"},"
                        + "\"properties.vlan\":{\"before\":null,\"after\":20,\"why\":\"the state file wants it\"}}}"));
        assertThat(docker.getJsonObject("metadata").getString("current_hash"))
                .isNotEqualTo(docker.getJsonObject("metadata").getString("desired_hash"));
        assertThat(desired.get(1).toMap())
                .isEqualTo(Map.of("name", "web", "bridge", "vmbr0", "properties", Map.of("vlan", 20L)));
    }

    @Test
    void once_the_changes_are_made_nothing_differs() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            DesiredState desired = state(entry(random));
            LastApplied last = random.nextBoolean() ? last(state(entry(random))) : LastApplied.none();
            List<ContainerState> wanted = DEFAULTS.resolve(desired);
            Optional<ContainerState> there = there(random);
            StateDiff diff = StateDiff.between(wanted, there.map(List::of).orElse(List.of()), last, false);

            List<ContainerState> made = there.map(before -> made(before, wanted.get(0), diff))
                    .map(List::of)
                    .orElse(List.of());
            assertThat(StateDiff.between(wanted, made, last(desired), false).actions())
                    .as("seed %d, of %s, %s and %s", seed, wanted, there, last)
                    .isEmpty();
        }
    }

    private static String entry(Random random) {
        StringBuilder entry = new StringBuilder("{\"name\":\"web\"");
        if (random.nextBoolean()) {
            entry.append(",\"bridge\":\"vmbr").append(random.nextInt(2)).append('"');
        }
        if (random.nextBoolean()) {
            entry.append(",\"veth\":\"v").append(random.nextInt(2)).append('"');
        }
        if (random.nextBoolean()) {
            entry.append(",\"mtu\":").append(1400 + random.nextInt(2));
        }
        entry.append(",\"properties\":{\"ipv4\":\"10.0.0.")
                .append(1 + random.nextInt(2))
                .append("/24\"");
        if (random.nextBoolean()) {
            entry.append(",\"vlan\":").append(1 + random.nextInt(2));
        }
        return entry.append("}}").toString();
    }

    private static Optional<ContainerState> there(Random random) {
        Map<String, Object> properties = new HashMap<>();
        if (random.nextBoolean()) {
            properties.put("vlan", 1L + random.nextInt(2));
        }
        return switch (random.nextInt(3)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(stopped());
            default -> Optional.of(running(random.nextBoolean() ? "" : "vmbr" + random.nextInt(2), properties));
        };
    }

    /** Does on a model what the changes say of a running container. */
    private static ContainerState made(ContainerState before, ContainerState wanted, StateDiff diff) {
        if (!before.running()) {
            return before;
        }
        Map<String, Object> properties = new HashMap<>(before.properties());
        Optional<String> veth = before.veth();
        Optional<String> bridge = before.bridge();
        for (ContainerChange action : diff.actions()) {
            for (Change change : ((Modify) action).changes()) {
                switch (change.key()) {
                    case "bridge" -> bridge = wanted.bridge();
                    case "veth" -> veth = wanted.veth();
                    case "properties.vlan" -> {
                        properties.remove("vlan");
                        change.after().ifPresent(value -> properties.put("vlan", value));
                    }
                    default -> {}
                }
            }
        }
        return new ContainerState(before.id(), veth, bridge, true, properties);
    }

    private static ContainerState running(String bridge, Map<String, Object> properties) {
        return new ContainerState(WEB, Optional.of("vi3f2ab1c9d0e1"), Optional.of(bridge), true, properties);
    }

    private static ContainerState stopped() {
        return new ContainerState(WEB, Optional.empty(), Optional.empty(), false, Map.of());
    }

    private static DesiredState state(String docker) throws Exception {
        return StateLoader.parse(
                Path.of("-"), "{\"version\":1,\"plugins\":{\"docker\":{\"containers\":[" + docker + "]}}}");
    }

    private static StateDiff between(String docker, List<ContainerState> observed, LastApplied last, boolean prune)
            throws Exception {
        return StateDiff.between(DEFAULTS.resolve(state(docker)), observed, last, prune);
    }

    private static LastApplied last(DesiredState state) {
        return DEFAULTS.resolve(LastApplied.of(state));
    }

    private static List<String> keys(StateDiff diff) {
        List<String> keys = new ArrayList<>();
        diff.actions().forEach(action -> ((Modify) action).changes().forEach(change -> keys.add(change.key())));
        return keys;
    }

    private static Change change(String key, @Nullable Object before, @Nullable Object after, String why) {
        return new Change(key, Optional.ofNullable(before), Optional.ofNullable(after), why);
    }
}
