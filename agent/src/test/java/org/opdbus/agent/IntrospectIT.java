// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.TestCommand.Result;
import org.opdbus.config.IntrospectSchema;
import org.opdbus.config.testing.JsonSchema;
import org.opdbus.verticles.testing.Links;

/** The network of a laboratory as one document, of a running agent and without one. */
final class IntrospectIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestHost scene = new TestHost(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    private JsonNode document(String... options) {
        String[] words = new String[options.length + 1];
        words[0] = "introspect";
        System.arraycopy(options, 0, words, 1, options.length);
        Result result = TestCommand.run(scene.agent.config(), words);
        assertThat(result.status()).as(result.toString()).isZero();
        return accepted(result.out());
    }

    private static JsonNode accepted(String text) {
        try {
            JsonNode document = JSON.readTree(text);
            assertThat(JsonSchema.of(IntrospectSchema.text()).accepts(document))
                    .as(document.toPrettyString())
                    .isTrue();
            return document;
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static JsonNode named(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + list.toPrettyString()));
    }

    @Test
    void the_document_has_every_object_and_its_owner() {
        scene.start();
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        Links.addBridge("by-hand");
        Links.batch(List.of(
                "addr add 192.0.2.1/24 dev by-hand",
                "link set by-hand up",
                "route add 198.51.100.0/24 dev by-hand proto bird table 77",
                "rule add from 198.51.100.0/24 table 77 priority 500"));
        scene.ovs.vsctl("set-controller", TestHost.BRIDGE, "tcp:127.0.0.1:6653");
        scene.ovs.vsctl(
                "--",
                "--id=@p",
                "get",
                "Port",
                "vi100",
                "--",
                "--id=@m",
                "create",
                "Mirror",
                "name=m0",
                "select_src_port=@p",
                "output_vlan=9",
                "--",
                "set",
                "Bridge",
                TestHost.BRIDGE,
                "mirrors=@m");

        JsonNode document = document();

        assertThat(document.path("troubles")).isEmpty();
        JsonNode link = named(document.path("links"), "vi100");
        assertThat(link.path("owner").asText()).isEqualTo("op-dbus");
        assertThat(link.at("/claims/0/evidence").asText()).contains("op-dbus:owner");
        assertThat(link.path("claims"))
                .anyMatch(claim -> claim.path("owner").asText().equals("LXC"));
        assertThat(link.path("bridge").asText()).isEqualTo(TestHost.BRIDGE);
        assertThat(link.path("container").asText()).isEqualTo("100");
        assertThat(link.at("/peer/namespace").isInt()).isTrue();
        assertThat(named(document.path("links"), "lo").path("owner").asText()).isEqualTo("kernel");
        JsonNode byHand = named(document.path("links"), "by-hand");
        assertThat(byHand.path("owner").asText()).isEqualTo("nobody");
        assertThat(byHand.at("/addresses/0/address").asText()).isEqualTo("192.0.2.1");

        assertThat(document.path("routes")).anySatisfy(route -> {
            assertThat(route.path("destination").asText()).isEqualTo("198.51.100.0/24");
            assertThat(route.path("table").asInt()).isEqualTo(77);
            assertThat(route.path("owner").asText()).isEqualTo("bird");
            assertThat(route.at("/nextHops/0/link").asText()).isEqualTo("by-hand");
        });
        assertThat(document.path("rules")).anySatisfy(rule -> {
            assertThat(rule.path("priority").asInt()).isEqualTo(500);
            assertThat(rule.path("owner").asText()).isEqualTo("nobody");
        });
        JsonNode bridge = named(document.path("bridges"), TestHost.BRIDGE);
        assertThat(bridge.at("/controllers/0/target").asText()).isEqualTo("tcp:127.0.0.1:6653");
        assertThat(bridge.at("/mirrors/0/sourcePorts/0").asText()).isEqualTo("vi100");
        assertThat(bridge.at("/mirrors/0/outputVlan").asInt()).isEqualTo(9);
        assertThat(named(bridge.path("ports"), "vi100").path("owner").asText()).isEqualTo("op-dbus");
        assertThat(document.at("/containers/0/id").asText()).isEqualTo("100");
        assertThat(document.at("/containers/0/links/0/name").asText()).isEqualTo("vi100");
        Links.delete("by-hand");
        Links.batch(List.of("rule del priority 500"));
    }

    @Test
    void the_same_host_gives_the_same_document_without_an_agent() {
        scene.start();
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        JsonNode asked = steady();

        scene.agent.kill();
        eventually(() -> assertThat(without(document())).isEqualTo(asked));
    }

    /** The document once no address is on probation any more. */
    private JsonNode steady() {
        return eventually(() -> {
            JsonNode document = document();
            assertThat(document.toString()).doesNotContain("tentative");
            return without(document);
        });
    }

    /** Leaves out the time, and the state of containers, which only a running agent enrols. */
    private static JsonNode without(JsonNode document) {
        ((ObjectNode) document).remove("time");
        document.path("containers").forEach(container -> ((ObjectNode) container).remove("state"));
        return document;
    }

    @Test
    void open_vswitch_being_away_costs_only_what_it_knows() {
        scene.agent.start();

        JsonNode document = document();

        assertThat(document.path("troubles").toString()).contains("mirrors and controllers are not known");
        assertThat(named(document.path("links"), "lo").path("mtu").asInt()).isEqualTo(65_536);
    }

    @Test
    void hundreds_of_links_are_in_the_order_of_their_index() {
        scene.start();
        List<String> made = IntStream.range(0, 250)
                .mapToObj(i -> "link add many" + i + " type veth peer name more" + i)
                .toList();
        Links.batch(made);
        try {
            JsonNode links = document().path("links");
            assertThat(links.size()).isGreaterThan(500);
            assertThat(StreamSupport.stream(links.spliterator(), false)
                            .map(link -> link.path("index").asInt()))
                    .isSorted();
        } finally {
            Links.batch(
                    IntStream.range(0, 250).mapToObj(i -> "link del many" + i).toList());
        }
    }

    @Test
    void the_schema_is_printed_without_an_agent() {
        Result result = TestCommand.run(scene.agent.config(), "introspect", "--schema");

        assertThat(result.status()).isZero();
        assertThat(result.out()).isEqualTo(IntrospectSchema.text());
    }
}
