// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.cli.CommandRun;
import org.opdbus.agent.cli.PlayedAgent;

/** The command and an agent that answers as it is told. */
class UplinkCommandTest {
    private static final JsonObject REVERTED =
            move("m2").put("state", "reverted").put("cause", "the gateway 192.0.2.254 does not answer");

    private final PlayedAgent agent = new PlayedAgent();
    private final List<String> asked = new ArrayList<>();
    private JsonObject status = new JsonObject().put("last", move("m1").put("state", "confirmed"));
    private Single<JsonObject> moved = Single.just(waiting());
    private Single<JsonObject> confirmed =
            Single.just(move("m2").put("state", "confirmed").put("cause", "ssh"));

    @TempDir
    Path folder;

    @BeforeEach
    void listen() throws Exception {
        Files.writeString(
                folder.resolve("op-dbus.json"),
                new JsonObject()
                        .put("runtime", new JsonObject().put("dir", folder.toString()))
                        .encode());
        agent.listen(folder.resolve("control.sock"), "a", this::answer);
    }

    @AfterEach
    void close() {
        agent.close();
    }

    private Optional<Single<Object>> answer(String method, JsonArray params, Consumer<JsonObject> progress) {
        asked.add(
                method + (params.isEmpty() ? "" : " " + params.getJsonObject(0).encode()));
        Single<?> answer = switch (method) {
            case "uplink-plan" ->
                Single.just(new JsonObject()
                        .put("plan", new JsonObject().put("id", "m2"))
                        .put("text", new JsonArray().add("1. create the bridge vmbr0")));
            case "uplink-move" -> {
                progress.accept(new JsonObject().put("done", "attach eth0 to vmbr0"));
                yield moved;
            }
            case "uplink-confirm" -> confirmed;
            case "uplink-revert" -> Single.just(new JsonObject().put("state", "reverted"));
            case "uplink-status" -> Single.just(status);
            default -> throw new AssertionError(method);
        };
        return Optional.of(answer.map(value -> value));
    }

    private static JsonObject move(String id) {
        return new JsonObject()
                .put("id", id)
                .put("link", "eth0")
                .put("bridge", "vmbr0")
                .put("direction", "onto")
                .put("ended", "2026-01-02T03:04:05Z");
    }

    private static JsonObject waiting() {
        return move("m2")
                .put("state", "moved")
                .put("holder", "op-dbus run")
                .put("holderPid", 77)
                .put("holderAlive", true)
                .put("deadline", "2026-01-02T03:06:05Z")
                .put("alarm", new JsonObject().put("armed", true).put("what", "op-dbus-uplink.timer"))
                .put(
                        "steps",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("step", "attach eth0 to vmbr0")
                                        .put("state", "done")));
    }

    @Test
    void a_dry_run_shows_the_plan_and_moves_nothing() throws Exception {
        assertThat(uplink("move", "eth0", "--bridge", "vmbr0", "-n").out()).isEqualTo("1. create the bridge vmbr0\n");
        assertThat(uplink("move", "eth0", "--bridge", "vmbr0", "-n", "--json").out())
                .contains("\"id\"")
                .doesNotContain("create");
        assertThat(asked).hasSize(2).allMatch(method -> method.startsWith("uplink-plan "));
    }

    @Test
    void a_move_says_how_to_confirm_it_by_when_and_what_happens_otherwise() throws Exception {
        CommandRun run = uplink(
                "move",
                "eth0",
                "--bridge",
                "vmbr0",
                "--yes",
                "--confirm-within",
                "2m",
                "--no-persist",
                "--probe",
                "tcp:192.0.2.7:443",
                "--probe",
                "icmp:192.0.2.8");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err())
                .contains(
                        "attach eth0 to vmbr0\n",
                        "log in anew, over a new connection",
                        "  op-dbus uplink confirm\n",
                        "(120 s after the beginning)",
                        "takes the way back by itself",
                        "op-dbus uplink revert");
        assertThat(asked)
                .contains("uplink-move {\"direction\":\"onto\",\"link\":\"eth0\",\"bridge\":\"vmbr0\",\"confirmS\":120,"
                        + "\"persists\":false,\"targets\":[\"tcp:192.0.2.7:443\",\"icmp:192.0.2.8\"]}");
    }

    @Test
    void without_a_terminal_it_asks_for_yes_and_moves_nothing() throws Exception {
        CommandRun run = uplink("move", "eth0", "--bridge", "vmbr0");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("1. create the bridge vmbr0", "--yes");
        assertThat(asked).noneMatch(method -> method.startsWith("uplink-move"));
    }

    @Test
    void back_names_no_bridge() throws Exception {
        assertThat(uplink("back", "eth0", "-n").status()).isZero();
        assertThat(asked.get(0)).contains("\"direction\":\"back\"", "\"bridge\":\"\"");
    }

    @Test
    void a_time_that_is_none_or_is_out_of_bounds_is_refused() throws Exception {
        for (String time : List.of("9s", "61m", "2h", "120", "soon", "99999999s")) {
            CommandRun run = uplink("move", "eth0", "--bridge", "vmbr0", "-n", "--confirm-within", time);
            assertThat(run.status()).as(time).isEqualTo(2);
            assertThat(run.err()).contains(time);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void a_refused_move_is_2_and_one_that_was_taken_back_is_1() throws Exception {
        moved = Single.error(new IllegalStateException("eth0 has no address; give it one first"));
        CommandRun refused = uplink("move", "eth0", "--bridge", "vmbr0", "--yes");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("op-dbus: eth0 has no address");

        moved = Single.defer(() -> {
            status = new JsonObject().put("last", REVERTED);
            return Single.error(new IllegalStateException("the gateway 192.0.2.254 does not answer"));
        });
        CommandRun back = uplink("move", "eth0", "--bridge", "vmbr0", "--yes");
        assertThat(back.status()).isEqualTo(1);
        assertThat(back.err()).contains("was taken back: the gateway 192.0.2.254 does not answer");
    }

    @Test
    void confirm_says_which_process_it_is_and_shows_why_it_does_not_count() throws Exception {
        CommandRun run = uplink("confirm");
        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("The move of eth0 and the bridge vmbr0 is confirmed: ssh.\n");
        assertThat(asked)
                .containsExactly(
                        "uplink-confirm {\"pid\":" + ProcessHandle.current().pid() + "}");

        confirmed = Single.error(new IllegalStateException("the ssh connection is older; log in anew"));
        CommandRun refused = uplink("confirm");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("log in anew");
    }

    @Test
    void revert_says_what_became_of_it() throws Exception {
        assertThat(uplink("revert").out()).isEqualTo("The move is taken back.\n");
    }

    @Test
    void status_names_the_holder_the_deadline_and_the_alarm() throws Exception {
        status = new JsonObject().put("move", waiting()).put("last", REVERTED);

        assertThat(uplink("status").out())
                .contains(
                        "Move m2 of eth0 onto the bridge vmbr0: moved",
                        "made by op-dbus run, process 77",
                        "the way back: op-dbus-uplink.timer",
                        "done: attach eth0 to vmbr0",
                        "Last: The move of eth0 and the bridge vmbr0 was taken back");
        assertThat(new JsonObject(uplink("status", "--json").out())).isEqualTo(status);
        status = new JsonObject();
        assertThat(uplink("status").out()).isEqualTo("No move waits for its confirmation.\n");
    }

    private CommandRun uplink(String... arguments) throws Exception {
        return CommandRun.of(Stream.concat(
                        Stream.of("--config", folder.resolve("op-dbus.json").toString(), "uplink"),
                        Arrays.stream(arguments))
                .toArray(String[]::new));
    }
}
