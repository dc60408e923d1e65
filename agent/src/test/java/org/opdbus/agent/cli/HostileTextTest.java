// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.agent.log.VisibleText;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

/** Every command, against an agent, a ledger and paths in which every text tries to control the terminal. */
class HostileTextTest {
    private static final String HOSTILE = "x\u001b[2J\u009b1m\u007f\u202e\r\nforged line\u2028\ud83d\udc33";
    /** What the locale of a test can have in a file's name. */
    private static final String HOSTILE_NAME = "x\u001b[2J\nforged line";

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final PlayedAgent agent = new PlayedAgent();
    private Path config = Path.of("/");
    private Path ledger = Path.of("/");

    @BeforeEach
    void start() throws Exception {
        ledger = folder.resolve("ledger-" + HOSTILE_NAME);
        JsonObject settings = new JsonObject()
                .put("host", "a")
                .put("runtime", new JsonObject().put("dir", folder.toString()))
                .put("ledger", new JsonObject().put("dir", ledger.toString()))
                .put(
                        "state",
                        new JsonObject()
                                .put("file", folder.resolve("state.json").toString()))
                .put(
                        "lxc",
                        new JsonObject()
                                .put("path", folder.resolve(HOSTILE_NAME).toString()));
        config = Files.writeString(folder.resolve("op-dbus.json"), settings.encode());
        Files.writeString(folder.resolve("state.json"), """
                {"version": 1, "plugins": {"lxc": {"containers": []}}}
                """);
        try (FileLedger open = FileLedger.open(LedgerOptions.of(ledger, "a"))) {
            open.append(new Draft(HOSTILE, HOSTILE, Map.of(HOSTILE, HOSTILE))).join();
        }
        agent.listen(folder.resolve("control.sock"), "a", HostileTextTest::answer);
    }

    @AfterEach
    void close() {
        agent.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "container list",
                "container show other-HOSTILE",
                "container start HOSTILE",
                "container stop HOSTILE",
                "container destroy HOSTILE",
                "container destroy --yes HOSTILE",
                "apply",
                "apply HOSTILE",
                "diff HOSTILE",
                "query --plugin HOSTILE --all-hosts",
                "query --all-hosts",
                "log-level",
                "log-level HOSTILE",
                "events --since 1",
                "events --since HOSTILE",
                "ledger tail",
                "ledger show 1",
                "ledger show 77",
                "ledger search --kind x*",
                "ledger verify",
                "ledger verify --key HOSTILE",
                "ledger prove HOSTILE",
                "ledger --dir HOSTILE tail",
                "cluster list",
                "cluster token",
                "cluster join HOSTILE",
                "verify --full",
                "doctor",
                "init FOLDER/HOSTILE/HOSTILE",
                "HOSTILE",
                "--HOSTILE",
                "query --HOSTILE"
            })
    void no_message_and_no_table_steers_a_terminal_or_forges_a_line(String command) throws Exception {
        if (command.contains("verify")) {
            Files.writeString(ledger.resolve("00000000000000000009" + HOSTILE_NAME + ".jsonl"), HOSTILE);
        }
        for (CommandRun run : List.of(CommandRun.of(words(command)), CommandRun.onTerminal(words(command)))) {
            assertHarmless(run.out());
            assertHarmless(run.err());
            assertThat(run.out() + run.err()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "container list --json",
                "container show HOSTILE",
                "query",
                "diff",
                "log-level --json",
                "introspect --json",
                "init --introspect -",
                "events --since 1 --json",
                "ledger tail --json",
                "ledger show --json 1",
                "ledger export"
            })
    void json_is_escaped_on_a_terminal_and_stays_the_same_json(String command) throws Exception {
        CommandRun piped = CommandRun.of(words(command));
        CommandRun shown = CommandRun.onTerminal(words(command));

        assertThat(shown.err()).isEmpty();
        assertHarmless(shown.out());
        assertThat(shown.out()).contains("\\u202e");
        assertThat(piped.out()).contains("\u202e");
        JsonNode all = JSON.readTree(shown.out());
        assertThat(all).isEqualTo(JSON.readTree(piped.out()));
        assertThat(all.toString()).contains(JSON.writeValueAsString(HOSTILE));
    }

    @Test
    void a_wrong_configuration_steers_no_terminal_either() throws Exception {
        Files.writeString(
                config, new JsonObject().put(HOSTILE, 1).put("host", HOSTILE).encode());

        for (String command : List.of("query", "doctor", "run", "ledger tail")) {
            CommandRun run = CommandRun.of(words(command));
            assertHarmless(run.out());
            assertHarmless(run.err());
        }
    }

    private static void assertHarmless(String text) {
        assertThat(text.codePoints().filter(c -> c != '\n'))
                .as(() -> VisibleText.lines(text))
                .allMatch(VisibleText::isVisible);
        assertThat(text.lines()).noneMatch(line -> line.startsWith("forged"));
    }

    private String[] words(String command) {
        List<String> words = new ArrayList<>(List.of("--config", config.toString()));
        for (String word : command.split(" ", -1)) {
            words.add(word.replace("FOLDER", folder.toString())
                    .replace("HOSTILE", command.startsWith("container") ? HOSTILE : HOSTILE_NAME));
        }
        return words.toArray(String[]::new);
    }

    private static Optional<Single<Object>> answer(String method, JsonArray params, Consumer<JsonObject> progress) {
        return switch (method) {
            case "query" -> Optional.of(Single.just(plugins()));
            case "containers" -> Optional.of(Single.just(containers()));
            case "introspect" -> Optional.of(Single.just(plugins()));
            case "state-file" ->
                Optional.of(Single.just(new JsonObject().put("state", plugins().encode())));
            case "diff" -> Optional.of(Single.just(new JsonArray().add(containers())));
            case "log-level" ->
                Optional.of(Single.just(new JsonArray()
                        .add(new JsonObject().put("package", HOSTILE).put("level", HOSTILE))));
            case "apply", "create", "start", "destroy" -> Optional.of(Single.fromCallable(() -> report(progress)));
            default -> Optional.of(Single.error(new IllegalStateException(HOSTILE)));
        };
    }

    private static JsonObject plugins() {
        return new JsonObject().put("plugins", new JsonObject().put("lxc", containers()));
    }

    private static JsonObject containers() {
        JsonObject container = new JsonObject()
                .put("id", HOSTILE)
                .put("running", true)
                .put("properties", new JsonObject().put("vlan", HOSTILE).put("ipv4", HOSTILE));
        List.of("veth", "bridge", "state", "reason").forEach(key -> container.put(key, HOSTILE));
        return new JsonObject().put("containers", new JsonArray().add(container));
    }

    private static Object report(Consumer<JsonObject> progress) {
        progress.accept(new JsonObject().put("done", HOSTILE));
        progress.accept(new JsonObject().put("note", HOSTILE));
        JsonObject failed = new JsonObject();
        List.of("container", "step", "message", "remedy").forEach(key -> failed.put(key, HOSTILE));
        return new JsonObject().put("failed", new JsonArray().add(failed)).put("unchanged", 0);
    }
}
