// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;

/** A lab of a real agent, as its faces show it: query, NonNet, metrics, doctor, counters, ledger and events. */
class LabFacesIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private AgentProcess agent;

    @BeforeEach
    void begin() throws IOException {
        Laboratory.require();
        Files.createDirectories(Path.of("/run/netns"));
        agent = new AgentProcess(
                folder,
                Map.of(
                        "ovsdb", Map.of("socket", folder.resolve("none").toString()),
                        "lxc",
                                Map.of(
                                        "path",
                                        Files.createDirectory(folder.resolve("lxc"))
                                                .toString())));
        agent.start();
    }

    @AfterEach
    void end() {
        if (agent.isAlive()) {
            run("lab", "net", "remove");
        }
        agent.close();
    }

    @Test
    void every_face_shows_a_lab_and_forgets_it() throws Exception {
        assertThat(json("query", "--plugin", "lab").path("labs").isEmpty()).isTrue();
        assertThat(metrics()).contains("op_dbus_labs{state=\"settled\"} 0.0", "op_dbus_lab_items 0.0");

        ok("start");
        ok("add", "tap", "t1", "eth=s");
        ok("add", "tap", "t2", "eth=v");
        ok("add", "lan", "t1", "0", "lan01");
        ok("add", "lan", "t2", "0", "lan01", "tag=7");

        JsonNode lab = json("query").at("/plugins/lab/labs/0");
        assertThat(lab).isEqualTo(json("query", "--plugin", "lab").at("/labs/0"));
        assertThat(lab).isEqualTo(json("lab", "net", "show", "--json"));
        assertThat(lab.path("settled").asBoolean()).isTrue();
        assertThat(dump("lab")).contains("2,net,cloonix_net,true,true,");
        assertThat(dump("lan")).contains("_b_lan01,2,net,true,lan01,1");
        assertThat(dump("endpoint")).contains("_k_1_0", "_k_2_0", "running", "tap", ",7,");
        // A scrape is up to a second old.
        eventually(() -> assertThat(metrics())
                .contains(
                        "op_dbus_labs{state=\"settled\"} 1.0",
                        "op_dbus_lab_endpoints{state=\"live\"} 2.0",
                        "op_dbus_lab_items 2.0",
                        "op_dbus_lab_lans 1.0"));
        assertThat(run("doctor").out()).contains("labs: seen: 1, of which run: 1; each is as its definition says");

        ok("stop");
        assertThat(json("query", "--plugin", "lab").at("/labs/0/running").asBoolean(true))
                .isFalse();
        eventually(() -> assertThat(metrics()).contains("op_dbus_labs{state=\"stopped\"} 1.0"));
        ok("remove");
        assertThat(json("query", "--plugin", "lab").path("labs").isEmpty()).isTrue();
        assertThat(dump("endpoint")).doesNotContain("_k_1_0");
        agent.stop();
        TestCommand.Result alone = run("query", "--plugin", "lab");
        assertThat(alone.status()).isNotZero();
        assertThat(alone.err()).contains("no agent runs, and labs live in it");
        assertThat(json("query").path("plugins").has("lab")).isFalse();
    }

    @Test
    void what_happens_to_a_lab_is_on_record_and_its_counters_count() throws Exception {
        TestCommand events = TestCommand.start(agent.config(), "events", "-f", "--since", "1", "--json");
        ok("start");
        ok("add", "tap", "t1");
        ok("add", "tap", "t2");
        ok("add", "lan", "t1", "0", "lan01");
        ok("add", "lan", "t2", "0", "lan01");
        Links.ip("link", "set", "t1", "up");
        Links.ip("link", "set", "t2", "up");
        Links.ip("address", "add", "10.9.9.1/24", "dev", "t1");
        Links.ip("neigh", "add", "10.9.9.2", "lladdr", "02:00:00:00:00:99", "dev", "t1");
        TestHost.sh("bash", "-c", "echo hello > /dev/udp/10.9.9.2/9");
        eventually(() -> {
            JsonNode endpoints = json("lab", "net", "counters", "--json").path("endpoints");
            assertThat(endpoints.at("/0/item").asText()).isEqualTo("t1");
            assertThat(endpoints.at("/0/counters/sent_packets").asLong()).isPositive();
            assertThat(endpoints.at("/1/counters/received_packets").asLong()).isPositive();
        });
        assertThat(run("lab", "net", "counters").out()).contains("SENT-PACKETS", "_k_1_0", "_k_2_0");

        ok("del", "lan", "t2", "0", "lan01");
        ok("stop");
        List<String> kinds = agent.ledger().stream()
                .filter(entry -> entry.subject().equals("net"))
                .map(Entry::kind)
                .toList();
        assertThat(kinds).startsWith("lab.started", "lab.changed").endsWith("lab.stopped");
        assertThat(kinds).filteredOn("lab.changed"::equals).hasSize(5);
        assertThat(kinds).filteredOn("endpoint.joined"::equals).hasSize(2);
        assertThat(kinds).contains("endpoint.left");
        assertThat(run("ledger", "search", "--subject", "net", "--kind", "lab.changed")
                        .out())
                .contains("add lan t1 0 lan01", "del lan t2 0 lan01");
        eventually(() -> assertThat(events.out())
                .contains("\"kind\":\"lab.started\"", "\"kind\":\"endpoint.joined\"", "\"kind\":\"lab.stopped\""));
        events.kill();
    }

    private void ok(String... words) {
        TestCommand.Result result =
                run(Stream.concat(Stream.of("lab", "net"), Stream.of(words)).toArray(String[]::new));
        assertThat(result.out()).as(result.toString()).isEqualTo("OK\n");
    }

    private TestCommand.Result run(String... words) {
        return TestCommand.run(agent.config(), words);
    }

    private JsonNode json(String... words) throws IOException {
        return JSON.readTree(run(words).out());
    }

    private String dump(String table) {
        return TestHost.sh(
                "ovsdb-client",
                "--format=csv",
                "--data=bare",
                "dump",
                "unix:" + folder.resolve("run/nonnet.db.sock"),
                "OpNonNet",
                table);
    }

    private String metrics() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/metrics"))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
