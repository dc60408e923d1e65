// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineVersion;
import org.opdbus.verticles.edges.ContainerCheck.Presence;
import org.opdbus.verticles.engine.EngineReader.EngineEvent;
import org.opdbus.verticles.engine.EngineReader.InspectedContainer;
import org.opdbus.verticles.engine.EngineReader.ListedContainer;

/** What Docker 20.10.24 and Podman 4.3.1 answered about the same five containers. */
final class EngineReaderTest {
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DOCKER", "PODMAN"})
    void a_version_is_agreed_on(Kind kind) throws IOException {
        JsonObject answer = object(kind, "version.json");
        assertThat(EngineVersion.agreed(answer, 47)).isEqualTo(41);
        assertThat(EngineVersion.agreed(answer, 30)).isEqualTo(30);
        assertThat(EngineVersion.agreed(
                        answer.copy().put("MinAPIVersion", "1.44").put("ApiVersion", "1.52"), 40))
                .isEqualTo(44);
        assertThatThrownBy(() -> EngineVersion.agreed(answer.copy().put("ApiVersion", "2/../x"), 47))
                .isInstanceOf(EngineException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DOCKER", "PODMAN"})
    void a_list_tells_names_and_what_may_run(Kind kind) throws IOException {
        EngineReader reader = new EngineReader(kind);
        List<ListedContainer> listed = new ArrayList<>();
        for (Object each : new JsonArray(text(kind, "list.json"))) {
            listed.add(reader.listed((JsonObject) each));
        }
        assertThat(listed)
                .extracting(each -> each.container().name())
                .containsExactlyInAnyOrder("web", "netclient", "joined", "idle", "short");
        assertThat(listed.stream().filter(ListedContainer::mayRun))
                .extracting(each -> each.container().name())
                .containsExactlyInAnyOrder("web", "netclient", "joined");
        assertThat(listed)
                .allSatisfy(each -> assertThat(each.container().id())
                        .isEqualTo(kind.id(each.engineId().substring(0, 12))));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DOCKER", "PODMAN"})
    void an_answer_tells_the_process_the_network_and_what_the_labels_ask(Kind kind) throws IOException {
        InspectedContainer web = inspected(kind, "web.json");
        EngineContainer container = web.container();
        assertThat(web.isRunning()).isTrue();
        assertThat(web.startedAtNs()).isGreaterThan(TimeUnit.DAYS.toNanos(365));
        assertThat(container.name()).isEqualTo("web");
        assertThat(container.image()).contains("busybox");
        assertThat(container.isWithoutNetwork()).isTrue();
        Asked asked = container.asked();
        assertThat(asked.faults()).isEmpty();
        assertThat(asked.bridge()).contains("br0");
        assertThat(asked.vlan()).contains(42);
        assertThat(asked.address().map(address -> address.cidr() + " " + address.gateway()))
                .contains("10.0.0.2/24 Optional[/10.0.0.1]");
        assertThat(asked.mtu()).contains(1400);
        assertThat(asked.ifname().map(Object::toString)).contains("net0");
        assertThat(asked.networkType()).contains("bridge");
        assertThat(container.toString()).doesNotContain("hidden");

        assertThat(inspected(kind, "netclient.json").container().network()).isEqualTo("host");
        assertThat(inspected(kind, "netclient.json").container().asked().role()).contains("client");
        assertThat(inspected(kind, "joined.json").container().network()).startsWith("container:");
        assertThat(inspected(kind, "idle.json").isRunning()).isFalse();
        assertThat(inspected(kind, "short.json").isRunning()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DOCKER", "PODMAN"})
    void events_tell_what_happened_to_whom(Kind kind) throws IOException {
        EngineReader reader = new EngineReader(kind);
        List<String> story = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        EventLines lines = new EventLines(line -> reader.event(line).ifPresent(event -> {
            if (EngineActions.concern(event.action())) {
                story.add(event.action() + " " + event.container().name());
                times.add(event.atNs());
            }
        }));
        lines.take(Buffer.buffer(text(kind, "events.jsonl")), 0);
        String removed = kind == Kind.DOCKER ? "destroy joined" : "remove joined";
        assertThat(story)
                .startsWith("create web", "start web", "create mesh", "start mesh", "create joined", "start joined")
                .contains(
                        "create idle",
                        "create short",
                        "start short",
                        "die short",
                        "rename netclient",
                        "die joined",
                        removed)
                .endsWith("start web");
        assertThat(times).isSorted().allMatch(time -> time > 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DOCKER", "PODMAN"})
    void presence_is_what_the_answer_says(Kind kind) throws IOException {
        String web = object(kind, "web.json").getString("Id").substring(0, 12);
        String idle = object(kind, "idle.json").getString("Id").substring(0, 12);
        assertThat(EnginePresence.presenceOf(web, Optional.of(object(kind, "web.json"))))
                .isEqualTo(Presence.RUNNING);
        assertThat(EnginePresence.presenceOf(idle, Optional.of(object(kind, "idle.json"))))
                .isEqualTo(Presence.GONE);
        assertThat(EnginePresence.presenceOf(web, Optional.empty())).isEqualTo(Presence.GONE);
        assertThat(EnginePresence.presenceOf(web, Optional.of(object(kind, "idle.json"))))
                .isEqualTo(Presence.UNKNOWN);
        assertThat(EnginePresence.presenceOf(web, Optional.of(new JsonObject().put("State", 5))))
                .isEqualTo(Presence.UNKNOWN);
    }

    @Test
    void what_is_absent_or_of_another_type_is_empty_and_what_is_long_is_cut() {
        EngineReader reader = new EngineReader(Kind.DOCKER);
        String id = "ab".repeat(32);
        JsonObject strange = new JsonObject()
                .put("Id", id)
                .put("Name", 5)
                .put("State", "running")
                .put("Config", new JsonArray())
                .putNull("HostConfig");
        InspectedContainer found = reader.inspected(id, strange);
        assertThat(found.container())
                .isEqualTo(new EngineContainer(Kind.DOCKER.id("abababababab"), "abababababab", "", "", Asked.NOTHING));
        assertThat(found.isRunning()).isFalse();
        strange.put("Name", "/" + "x".repeat(254) + "\ud83d\ude00".repeat(500));
        assertThat(reader.inspected(id, strange).container().name())
                .hasSizeLessThanOrEqualTo(EngineLimits.TEXT_LENGTH_MAX)
                .endsWith("…");
        assertThatThrownBy(() -> reader.inspected("cd".repeat(32), strange)).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> reader.listed(new JsonObject().put("Id", "../x")))
                .isInstanceOf(EngineException.class);
        Optional<EngineEvent> other = reader.event(new JsonObject().put("Type", "image"));
        assertThat(other).isEmpty();
    }

    private static InspectedContainer inspected(Kind kind, String name) throws IOException {
        JsonObject answer = object(kind, name);
        return new EngineReader(kind).inspected(answer.getString("Id"), answer);
    }

    private static JsonObject object(Kind kind, String name) throws IOException {
        return new JsonObject(text(kind, name));
    }

    private static String text(Kind kind, String name) throws IOException {
        String folder = kind == Kind.DOCKER ? "/docker-20.10.24/" : "/podman-4.3.1/";
        try (InputStream in = EngineReaderTest.class.getResourceAsStream(folder + name)) {
            if (in == null) {
                throw new IllegalStateException(folder + name + " is not among the resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
