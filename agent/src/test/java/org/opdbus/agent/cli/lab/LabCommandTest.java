// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.lab;

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
class LabCommandTest {
    private static final JsonObject STATUS = new JsonObject()
            .put("lab", "nemo")
            .put("namespace", "cloonix_nemo")
            .put("running", true)
            .put("settled", false)
            .put(
                    "items",
                    JsonArray.of(new JsonObject()
                            .put("name", "Cloon1")
                            .put("id", 1)
                            .put("kind", "kvm")
                            .put("state", "running")
                            .put(
                                    "endpoints",
                                    JsonArray.of(new JsonObject()
                                            .put("port", "_k_1_0")
                                            .put("number", 0)
                                            .put("lan", "lan01")
                                            .put("trunks", JsonArray.of(7, 8))
                                            .put("ofport", 4)
                                            .put("spy", "s_k_1_0")
                                            .put("mac", "02:00:00:00:01:00")))))
            .put("trouble", new JsonObject().put("Cloon1", "it has \u001b[31mno image"));

    private final PlayedAgent agent = new PlayedAgent();
    private final List<String> asked = new ArrayList<>();
    private Single<Object> answer = Single.just(new JsonObject());

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
        asked.add(method + " " + params.getJsonObject(0).encode());
        return Optional.of(answer);
    }

    private CommandRun lab(String... words) throws Exception {
        return CommandRun.of(Stream.concat(
                        Stream.of("--config", folder.resolve("op-dbus.json").toString(), "lab"), Arrays.stream(words))
                .toArray(String[]::new));
    }

    @Test
    void counters_are_a_table_and_json() throws Exception {
        JsonObject counters = new JsonObject().put("sent_packets", 12).put("received_bytes", 34);
        answer = Single.just(new JsonObject()
                .put("lab", "nemo")
                .put(
                        "endpoints",
                        JsonArray.of(new JsonObject()
                                .put("port", "_k_1_0")
                                .put("item", "Cloon1")
                                .put("number", 0)
                                .put("lan", "lan01")
                                .put("counters", counters))));

        List<String> lines = lab("nemo", "counters").out().lines().toList();
        assertThat(lines.get(0)).startsWith("PORT").contains("SENT-PACKETS", "RECEIVED-ERRORS");
        assertThat(lines.get(1).split(" +"))
                .startsWith("_k_1_0", "Cloon1", "0", "lan01", "12", "-", "-", "-", "-", "34");
        assertThat(new JsonObject(lab("nemo", "counters", "--json").out())
                        .getJsonArray("endpoints")
                        .getJsonObject(0)
                        .getJsonObject("counters"))
                .isEqualTo(counters);
        assertThat(asked.get(0)).startsWith("lab-counters ");
    }

    @Test
    void a_change_is_handed_to_the_agent_word_by_word() throws Exception {
        CommandRun run = lab("nemo", "add", "kvm", "Cloon1", "ram=2000", "cpu=2", "eth=sss", "image.qcow2");

        assertThat(run.out()).isEqualTo("OK\n");
        assertThat(run.status()).isZero();
        assertThat(asked)
                .containsExactly("lab-change "
                        + new JsonObject()
                                .put("lab", "nemo")
                                .put("folder", Path.of("").toAbsolutePath().toString())
                                .put(
                                        "words",
                                        JsonArray.of(
                                                "add", "kvm", "Cloon1", "ram=2000", "cpu=2", "eth=sss", "image.qcow2"))
                                .encode());
    }

    @Test
    void a_refusal_is_one_line_with_ko() throws Exception {
        answer = Single.error(new IllegalStateException("the lab nemo has no item \"\u001b[2Jx\"; see it"));

        CommandRun run = lab("nemo", "del", "x");

        assertThat(run.out()).isEqualTo("KO the lab nemo has no item \"\\u001b[2Jx\"; see it\n");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isOne();
    }

    @Test
    void a_lab_starts_as_it_is_defined_or_empty_and_stops_with_its_definition_or_without() throws Exception {
        assertThat(lab("nemo", "start").status()).isZero();
        assertThat(lab("nemo", "start", "--empty").status()).isZero();
        assertThat(lab("nemo", "stop").status()).isZero();
        assertThat(lab("nemo", "remove").status()).isZero();

        assertThat(asked)
                .containsExactly(
                        "lab-start {\"lab\":\"nemo\",\"empty\":false}",
                        "lab-start {\"lab\":\"nemo\",\"empty\":true}",
                        "lab-stop {\"lab\":\"nemo\",\"remove\":false}",
                        "lab-stop {\"lab\":\"nemo\",\"remove\":true}");
    }

    @Test
    void a_file_is_replayed_as_a_whole() throws Exception {
        Path file = Files.writeString(folder.resolve("nemo.lab"), "add nat out\nadd lan out 0 lan01\n");

        assertThat(lab("nemo", "replay", file.toString()).out()).isEqualTo("OK\n");
        assertThat(new JsonObject(asked.get(0).substring("lab-change ".length())).getString("text"))
                .isEqualTo("add nat out\nadd lan out 0 lan01\n");

        CommandRun absent = lab("nemo", "replay", folder.resolve("none").toString());
        assertThat(absent.err()).isEqualTo("op-dbus: there is no file " + folder.resolve("none") + "\n");
        assertThat(absent.status()).isEqualTo(2);
    }

    @Test
    void a_lab_is_shown_with_what_is_not_as_it_shall_be() throws Exception {
        answer = Single.just(STATUS);

        assertThat(lab("nemo", "show").out()).isEqualTo("""
                        The lab nemo is degraded. Its network namespace is cloonix_nemo.

                        ITEM    ID  KIND  STATE
                        Cloon1  1   kvm   running

                        PORT    ITEM    NUM  LAN    TAG  TRUNKS  OFPORT  SPY      MAC
                        _k_1_0  Cloon1  0    lan01  -    7,8     4       s_k_1_0  02:00:00:00:01:00

                        Not as it shall be; the agent tries again:
                          Cloon1: it has \\u001b[31mno image
                        """);
        assertThat(new JsonObject(lab("nemo", "show", "--json").out())).isEqualTo(STATUS);

        answer = Single.just(STATUS.copy().put("running", false));
        assertThat(lab("nemo", "show").out())
                .startsWith("The lab nemo is stopped. To start it: op-dbus lab nemo start\n");
    }

    @Test
    void labs_are_listed() throws Exception {
        answer = Single.just(new JsonArray());
        assertThat(lab("list").out()).contains("no lab", "op-dbus lab NET start");

        answer = Single.just(JsonArray.of(new JsonObject()
                .put("lab", "nemo")
                .put("running", false)
                .put("itemCount", 2)
                .put("lanCount", 1)));
        assertThat(lab("list").out()).isEqualTo("LAB   STATE    ITEMS  LANS\nnemo  stopped  2      1\n");
        assertThat(new JsonArray(lab("list", "--json").out())).hasSize(1);
    }

    @Test
    void usage_errors_are_told_before_the_agent_is_asked() throws Exception {
        assertThat(lab("nemo").err()).contains("what is to be done with the lab nemo?");
        assertThat(lab("nemo", "stop", "now").err()).contains("\"now\" is not expected here");
        assertThat(lab("nemo", "show", "--jsn").err()).contains("\"--jsn\" is not expected here");
        assertThat(lab("nemo", "replay", "a", "b").err()).contains("\"b\" is not expected here");
        assertThat(lab("x/y", "vsctl", "show").err()).contains("\"x/y\" is no name of a lab");
        assertThat(lab("nemo", "vsctl", "show").err()).contains("the lab nemo does not run", "op-dbus lab nemo start");
        assertThat(lab("nemo", "add", "--help").out()).contains("Usage: op-dbus lab", "NET replay [FILE]");
        assertThat(asked).isEmpty();
    }

    @Test
    void an_agent_is_needed() throws Exception {
        agent.close();

        CommandRun run = lab("nemo", "show");

        assertThat(run.err()).contains("no agent listens", "op-dbus run");
        assertThat(run.status()).isEqualTo(2);
    }
}
