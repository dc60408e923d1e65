// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.TestCommand.Result;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.testing.LxcContainers.Definition;

final class EventsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> RECORDED = Set.of(
            "agent.started",
            "container.started",
            "container.stopped",
            "link.renamed",
            "offload.disabled",
            "container.enrolled",
            "enrollment.refused",
            "enrollment.lost",
            "container.left",
            "drift.seen");

    private final TestHost scene = new TestHost(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void a_filter_lets_through_what_it_names() {
        scene.start();
        TestCommand events = TestCommand.start(
                scene.agent.config(),
                "events",
                "-f",
                "--json",
                "--filter",
                "kind=container.*,kind=link.renamed,container=101");
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        // An event shows whether the other program listens by now; a removed port is made again.
        eventually(() -> {
            TestHost.sh("ovs-vsctl", "--db=unix:" + scene.ovs.socket(), "--if-exists", "del-port", "vi101");
            if (scene.agent.container("101").isMissingNode()) {
                scene.run("101");
            }
            assertThat(events.out()).contains("\"kind\":\"container.enrolled\"");
        });
        events.kill();
        assertThat(events.out().lines())
                .allMatch(line -> line.contains("\"subject\":\"101\""))
                .noneMatch(line -> line.contains("\"kind\":\"port.") || line.contains("\"kind\":\"drift."));
        Result wrong = TestCommand.run(scene.agent.config(), "events", "-f", "--filter", "colour=red");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("must be kind=");
    }

    @Test
    void recorded_events_come_first_and_none_is_missing_or_doubled_at_the_transition() throws Exception {
        scene.start();
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        scene.lxc.create(Definition.of("101"));
        scene.lxc.create(Definition.of("102"));
        // They begin to listen while many events are recorded.
        List<TestCommand> tails = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            tails.add(TestCommand.start(scene.agent.config(), "events", "-f", "--since", "1", "--json"));
            for (String id : List.of("101", "102")) {
                scene.lxc.start(id);
                scene.awaitEnrolled(id, "vi" + id);
                scene.lxc.stop(id);
            }
        }
        TestCommand columns = TestCommand.start(
                scene.agent.config(), "events", "-f", "--since", "15m", "--filter", "kind=container.enrolled");
        eventually(() -> assertThat(columns.out()).contains("container.enrolled"));
        scene.lxc.stop("100");
        eventually(() -> assertThat(scene.agent.ledger("container.left", "100")).hasSize(1));
        List<String> recorded = scene.agent.ledger().stream()
                .map(entry -> entry.kind() + " " + entry.subject())
                .toList();
        for (TestCommand tail : tails) {
            eventually(() -> assertThat(bySubject(recordedOnes(tail))).isEqualTo(bySubject(recorded)));
            tail.kill();
        }
        columns.kill();
        assertThat(columns.out().lines().toList())
                .hasSize(1 + 7)
                .first()
                .asString()
                .matches("TIME +KIND +SUBJECT +DATA");
        assertThat(columns.out().lines().skip(1))
                .allMatch(
                        line -> line.matches("[-0-9T:.]+Z +container\\.enrolled +10[012] +bridge=vmbr0 container=.*"));

        Result past =
                TestCommand.run(scene.agent.config(), "events", "--since", "2", "--json", "--filter", "container=100");
        assertThat(past.status()).isZero();
        assertThat(past.lines()).hasSameSizeAs(entriesOf("100"));
        assertThat(JSON.readTree(past.lines().get(0)).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("time", "host", "kind", "subject", "data");
        Result neither = TestCommand.run(scene.agent.config(), "events");
        assertThat(neither.status()).isEqualTo(2);
        assertThat(neither.err()).contains("follow them with -f");
    }

    private List<Entry> entriesOf(String id) {
        return scene.agent.ledger().stream()
                .filter(entry -> entry.subject().equals(id))
                .toList();
    }

    /**
     * Compared per publisher and subject: facts of different publishers about different things may overtake each
     * other on the bus.
     */
    private static Map<String, List<String>> bySubject(List<String> facts) {
        return facts.stream().collect(Collectors.groupingBy(fact -> fact.substring(fact.indexOf(' ') + 1)));
    }

    /** Returns kind and subject of the recorded events that a tail has printed so far. */
    private static List<String> recordedOnes(TestCommand tail) throws IOException {
        List<String> told = new ArrayList<>();
        // Only what ends in a newline is complete.
        String out = tail.out();
        for (String line : out.substring(0, out.lastIndexOf('\n') + 1).lines().toList()) {
            JsonNode event = JSON.readTree(line);
            String kind = event.path("kind").asText();
            if (RECORDED.contains(kind)) {
                told.add(kind + " " + event.path("subject").asText());
            }
        }
        return told;
    }

    @Test
    void a_slow_reader_of_the_ledger_misses_nothing() throws Exception {
        try (FileLedger ledger =
                FileLedger.open(LedgerOptions.of(Files.createDirectories(scene.agent.ledgerDir()), "test"))) {
            List<CompletionStage<Entry>> under = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                under.add(ledger.append(new Draft("test.filled", "filler", Map.of("number", (long) i))));
            }
            for (CompletionStage<Entry> each : under) {
                each.toCompletableFuture().get(60, TimeUnit.SECONDS);
            }
        }
        scene.start();
        Path go = scene.agent.folder().resolve("go");
        String slowly = "\"$@\" | { until [ -e " + go + " ]; do sleep 0.1; done; exec cat; }";
        TestCommand slow = TestCommand.start(
                scene.agent.config(),
                Map.of(),
                List.of("sh", "-c", slowly, "sh"),
                "ledger",
                "tail",
                "-f",
                "--since",
                "1",
                "--json");
        TestCommand one = TestCommand.start(
                scene.agent.config(),
                "ledger",
                "tail",
                "-f",
                "--since",
                "1",
                "--filter",
                "kind=container.*,container=100");
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        eventually(() -> assertThat(one.out()).contains("container.enrolled"));
        one.kill();
        assertThat(one.out().lines().skip(1)).allMatch(line -> line.matches(" *\\d+ +\\S+Z +container\\.\\w+ +100 .*"));
        assertThat(slow.out()).isEmpty();

        Files.createFile(go);
        scene.lxc.stop("100");
        eventually(() -> assertThat(scene.agent.ledger("container.left", "100")).hasSize(1));
        List<String> lines = scene.agent.ledger().stream().map(Entry::line).toList();
        assertThat(lines).hasSizeGreaterThan(3_000);
        eventually(() -> assertThat(slow.out().lines()).containsExactlyElementsOf(lines));
        slow.kill();
    }

    @Test
    void a_slow_reader_is_told_how_many_events_it_missed() throws IOException {
        scene.start();
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(scene.agent.controlSocket()));
            socket.write(
                    ByteBuffer.wrap("{\"id\":1,\"method\":\"events\",\"params\":[]}".getBytes(StandardCharsets.UTF_8)));
            // Ten thousand events of unmanaged links, while the tail is not read.
            String many = "i=0; while [ $i -lt 2500 ]; do echo link add s$i type veth peer name t$i; i=$((i+1)); done";
            TestHost.sh("sh", "-c", many + " | ip -batch -");
            HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/metrics"))
                    .build();
            HttpClient client = HttpClient.newHttpClient();
            eventually(() -> assertThat(client.sendAsync(metrics, BodyHandlers.ofString())
                            .join()
                            .body())
                    .containsPattern("op_dbus_events_total\\{kind=\"link.appeared\"\\} [5-9]\\d{3}"));
            MappingIterator<JsonNode> messages =
                    JSON.readerFor(JsonNode.class).readValues(Channels.newInputStream(socket));
            int read = 0;
            int missed = 0;
            while (missed == 0) {
                JsonNode line = messages.next().path("params").path(0);
                read++;
                missed = line.path("kind").asText().equals("events.missed")
                        ? line.at("/data/count").asInt()
                        : 0;
                if (read % 500 == 0) {
                    // The notice comes with the next event that there is room for.
                    TestHost.sh("ip", "link", "set", "s1", read % 1000 == 0 ? "up" : "down");
                }
            }
            assertThat(read).isGreaterThan(1);
            assertThat(missed).isPositive();
        }
    }
}
