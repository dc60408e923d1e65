// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.control.ControlRequests;
import org.opdbus.verticles.control.PeerLines;
import org.opdbus.verticles.control.PeerNews;

/** The commands for all hosts, against a control socket with two hosts behind it. */
final class AllHostsCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final PlayedAgent agent = new PlayedAgent();
    private final HeldLines peers = new HeldLines();
    private final HeldLines entries = new HeldLines();
    private Path config;

    @BeforeEach
    void configure() throws Exception {
        config = Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "a", "runtime": {"dir": "%1$s"}, "ledger": {"dir": "%1$s/ledger"}}
                """.formatted(folder));
        Files.createDirectory(folder.resolve("ledger"));
    }

    @AfterEach
    void close() {
        agent.close();
    }

    @Test
    void containers_of_all_hosts_are_shown_with_their_hosts_those_of_hosts_that_are_away_too() throws Exception {
        listen(Optional.of(new PeerNews(peers, entries)));
        JsonNode all = JSON.readTree(command("query", "--all-hosts").out());
        assertThat(all.at("/plugins/lxc/containers").findValuesAsText("host")).containsExactly("a", "b");
        assertThat(all.at("/plugins/lxc/containers/1/host_state").asText()).isEqualTo("away");
        assertThat(all.path("hosts").findValuesAsText("state")).containsExactly("self", "away");
        assertThat(all.at("/hosts/1/last_seen").asText()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(all.path("hosts").findValues("containers")).isEmpty();

        JsonNode bare =
                JSON.readTree(command("query", "--plugin", "lxc", "--all-hosts").out());
        assertThat(bare.path("containers")).hasSize(2);
        assertThat(JSON.readTree(
                        command("container", "list", "--all-hosts", "--json").out()))
                .isEqualTo(bare.path("containers"));
        assertThat(command("container", "list", "--all-hosts").lines())
                .containsExactly(
                        "HOST  HOST-STATE  ID   STATE     VETH   BRIDGE  VLAN  ADDRESS  REASON",
                        "a     self        100  enrolled  vi100  vmbr0   -     -",
                        "b     away        100  stopped   vi100  vmbr0   -     -");
    }

    @Test
    void events_of_all_hosts_come_each_with_its_host_and_those_of_unknown_kinds_as_they_are() throws Exception {
        listen(Optional.of(new PeerNews(peers, entries)));
        CommandRun columns = CommandRun.started("--config", config.toString(), "events", "-f", "--all-hosts");
        CommandRun json = CommandRun.started(
                "--config", config.toString(), "events", "-f", "--all-hosts", "--json", "--filter", "kind=moon.*");
        eventually(() -> {
            // An event shows whether they listen by now.
            agent.publish(new AgentStopping("a", "own"));
            peers.tell(line("b", "moon.rose", "{\"phase\":\"full\"}"));
            assertThat(columns.out()).contains("own").contains("moon.rose");
            assertThat(json.out()).contains("moon.rose");
        });
        assertThat(columns.lines().get(0)).matches("TIME +HOST +KIND +SUBJECT +DATA");
        assertThat(columns.lines()).anyMatch(line -> line.matches("\\S+Z +a +agent.stopping +a +.*reason=own.*"));
        assertThat(columns.lines()).anyMatch(line -> line.matches("\\S+Z +b +moon.rose +100 +phase=full"));
        JsonNode event = JSON.readTree(json.lines().get(0));
        assertThat(event.path("host").asText()).isEqualTo("b");
        assertThat(event.path("live").asBoolean()).isTrue();
        assertThat(json.out()).doesNotContain("agent.stopping");
    }

    @Test
    void what_is_held_of_other_hosts_is_shown_among_what_is_recorded_here_by_its_time() throws Exception {
        Instant before = Instant.now();
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(folder.resolve("ledger"), "a"))) {
            ledger.append(new Draft("test.own", "100", Map.of())).join();
        }
        for (int i = 0; i < 600; i++) {
            peers.tell(line("b", "test.early", "{}", before.minusSeconds(60)));
        }
        peers.tell(line("b", "test.late", "{}", Instant.now().plusSeconds(60)));
        listen(Optional.of(new PeerNews(peers, entries)));

        CommandRun past = command("events", "--since", "1", "--all-hosts", "--json", "--filter", "kind=test.*");
        assertThat(past.err()).isEmpty();
        List<String> kinds = kinds(past);
        assertThat(kinds).hasSize(602).endsWith("test.early", "test.own", "test.late");
        assertThat(kinds(command("events", "--since", "1m", "--all-hosts", "--json", "--filter", "kind=test.*")))
                .containsExactly("test.own", "test.late");

        CommandRun follow = CommandRun.started(
                "--config", config.toString(), "events", "-f", "--since", "30s", "--all-hosts", "--json");
        eventually(() -> assertThat(kinds(follow)).contains("test.late"));
        peers.tell(line("b", "test.now", "{}"));
        eventually(() -> assertThat(kinds(follow).stream().filter(kind -> kind.startsWith("test.")))
                .containsExactly("test.own", "test.late", "test.now"));
    }

    @Test
    void entries_of_all_hosts_come_as_they_stand_on_disk_there() throws Exception {
        WrittenLedger.of(folder.resolve("b"), "b", 2);
        listen(Optional.of(new PeerNews(peers, entries)));
        List<Entry> theirs = new ArrayList<>();
        LedgerReader.of(folder.resolve("b")).tail(2, theirs::add);
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(folder.resolve("ledger"), "a"))) {
            ledger.append(new Draft("test.own", "100", Map.of()))
                    .toCompletableFuture()
                    .join();
            CommandRun json =
                    CommandRun.started("--config", config.toString(), "ledger", "tail", "-f", "--all-hosts", "--json");
            CommandRun columns =
                    CommandRun.started("--config", config.toString(), "ledger", "tail", "-f", "--all-hosts");
            eventually(() -> assertThat(entries.listeners()).isEqualTo(1));
            eventually(() -> assertThat(columns.out()).contains("test.own"));
            eventually(() -> assertThat(json.out()).contains("test.own"));
            theirs.forEach(entry -> entries.tell(new PeerLines.Line(
                    entry.kind(),
                    entry.subject(),
                    new JsonObject().put("line", entry.line()).encode())));
            ledger.append(new Draft("test.later", "100", Map.of()))
                    .toCompletableFuture()
                    .join();
            eventually(() -> assertThat(json.out())
                    .contains("test.later")
                    .contains(theirs.get(1).line()));
            assertThat(json.lines())
                    .containsAll(theirs.stream().map(Entry::line).toList());
            eventually(() -> assertThat(columns.lines()).anyMatch(line -> line.matches("b +2 .*")));
            assertThat(columns.lines().get(0)).matches("HOST +HEIGHT +TIME .*");
            assertThat(columns.lines().get(1)).matches("a +1 +\\S+Z +test.own .*");

            agent.close();
            assertThat(json.status()).isEqualTo(2);
            assertThat(json.err()).contains("the agent has stopped");
        }
        CommandRun past = command("ledger", "tail", "--all-hosts");
        assertThat(past.status()).isEqualTo(2);
        assertThat(past.err()).contains("--all-hosts needs -f");
    }

    @Test
    void without_an_agent_it_says_what_to_do() throws Exception {
        FileLedger.open(LedgerOptions.of(folder.resolve("ledger"), "a")).close();
        List<List<String>> commands = List.of(
                List.of("query", "--all-hosts"),
                List.of("container", "list", "--all-hosts"),
                List.of("events", "-f", "--all-hosts"),
                List.of("events", "--since", "1", "--all-hosts"),
                List.of("ledger", "tail", "-f", "--all-hosts"));
        for (List<String> words : commands) {
            CommandRun run = command(words.toArray(String[]::new));
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains("start it with \"op-dbus run\"");
        }
    }

    @Test
    void without_a_cluster_this_host_is_shown_alone_and_one_line_says_so() throws Exception {
        String alone =
                "op-dbus: this host is in no cluster, so only this host is shown; see \"op-dbus cluster init --help\"\n";
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(folder.resolve("ledger"), "a"))) {
            ledger.append(new Draft("test.own", "100", Map.of())).join();
        }
        listen(Optional.empty());

        CommandRun query = command("query", "--all-hosts");
        assertThat(query.status()).isZero();
        assertThat(query.err()).isEqualTo(alone);
        JsonNode all = JSON.readTree(query.out());
        assertThat(all.at("/plugins/lxc/containers").findValuesAsText("host")).containsExactly("a");
        assertThat(all.at("/plugins/lxc/containers/0/host_state").asText()).isEqualTo("self");
        assertThat(all.at("/hosts/0/state").asText()).isEqualTo("self");
        assertThat(all.at("/hosts/0/version").asText()).isEqualTo("1.2.3");
        assertThat(all.path("hosts")).hasSize(1);

        CommandRun list = command("container", "list", "--all-hosts");
        assertThat(list.status()).isZero();
        assertThat(list.err()).isEqualTo(alone);
        assertThat(list.lines().get(1)).matches("a +self +100 .*");

        CommandRun past = command("events", "--since", "1", "--all-hosts");
        assertThat(past.status()).isZero();
        assertThat(past.err()).isEqualTo(alone);
        assertThat(past.lines()).anyMatch(line -> line.matches("\\S+Z +a +test.own .*"));

        CommandRun events = CommandRun.started("--config", config.toString(), "events", "-f", "--all-hosts");
        CommandRun entries = CommandRun.started("--config", config.toString(), "ledger", "tail", "-f", "--all-hosts");
        eventually(() -> {
            // An event shows whether it listens by now.
            agent.publish(new AgentStopping("a", "own"));
            assertThat(events.lines()).anyMatch(line -> line.matches("\\S+Z +a +agent.stopping .*"));
        });
        eventually(() -> assertThat(entries.lines()).anyMatch(line -> line.matches("a +1 +\\S+Z +test.own .*")));
        assertThat(events.err()).isEqualTo(alone);
        assertThat(entries.err()).isEqualTo(alone);
    }

    private void listen(Optional<PeerNews> lines) {
        ControlRequests requests = (method, params, progress) -> Optional.ofNullable(
                switch (method) {
                    case "hosts" -> lines.isPresent() ? Single.just(hosts(params.getJsonObject(0))) : null;
                    case "cluster" ->
                        lines.isPresent()
                                ? Single.just(new JsonArray())
                                : Single.error(new IllegalStateException("this host is in no cluster"));
                    case "version" ->
                        Single.just(new JsonObject().put("version", "1.2.3").put("host", "a"));
                    case "containers" -> Single.just(new JsonObject().put("containers", own()));
                    default -> null;
                });
        agent.listen(folder.resolve("control.sock"), "a", requests, lines);
    }

    private static JsonArray own() {
        return new JsonArray()
                .add(new JsonObject().put("id", "100").put("running", true).put("state", "enrolled"));
    }

    /** One host per page. */
    private static JsonObject hosts(JsonObject question) {
        boolean first = !question.containsKey("after");
        String state = first ? "self" : "away";
        JsonObject container = new JsonObject()
                .put("host", first ? "a" : "b")
                .put("host_state", state)
                .put("id", "100")
                .put("veth", "vi100")
                .put("bridge", "vmbr0")
                .put("running", first)
                .put("state", first ? "enrolled" : "stopped");
        JsonObject host = new JsonObject()
                .put("host", first ? "a" : "b")
                .put("state", state)
                .put("last_seen", "2026-01-02T03:04:05Z")
                .put("containers", new JsonArray().add(container));
        JsonObject answer = new JsonObject().put("hosts", new JsonArray().add(host));
        return first ? answer.put("next", "a") : answer;
    }

    private static PeerLines.Line line(String host, String kind, String data) {
        return line(host, kind, data, Instant.now());
    }

    private static PeerLines.Line line(String host, String kind, String data, Instant time) {
        JsonObject json = new JsonObject()
                .put("time", time.toString())
                .put("host", host)
                .put("kind", kind)
                .put("subject", "100")
                .put("data", new JsonObject(data))
                .put("live", true);
        return new PeerLines.Line(kind, "100", json.encode());
    }

    private static List<String> kinds(CommandRun run) {
        List<String> kinds = new ArrayList<>();
        run.lines().forEach(line -> kinds.add(new JsonObject(line).getString("kind")));
        return kinds;
    }

    private CommandRun command(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("--config", config.toString()));
        all.addAll(List.of(words));
        return CommandRun.of(all.toArray(String[]::new));
    }

    /** All lines so far. */
    private static final class HeldLines implements PeerLines {
        private final List<Line> told = new CopyOnWriteArrayList<>();
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

        void tell(Line line) {
            told.add(line);
            listeners.forEach(Runnable::run);
        }

        int listeners() {
            return listeners.size();
        }

        @Override
        public long next() {
            return told.size() + 1L;
        }

        @Override
        public Lines from(long number, int max) {
            int from = (int) Math.max(0, number - 1);
            int to = Math.min(told.size(), from + max);
            return new Lines(told.subList(from, to), to + 1L, 0);
        }

        @Override
        public Disposable onNews(Runnable news) {
            listeners.add(news);
            return Disposable.fromAction(() -> listeners.remove(news));
        }
    }
}
