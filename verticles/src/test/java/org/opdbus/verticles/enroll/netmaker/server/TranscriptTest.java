// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient.Answer;
import org.opdbus.verticles.enroll.netmaker.server.MeshRoutes.Request;
import org.opdbus.verticles.enroll.netmaker.server.MeshWorld.MeshKey;
import org.opdbus.verticles.enroll.netmaker.server.Transcript.Call;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

/**
 * Holds the double of the server, and what the agent reads from answers, to what the real server answered: call by call, by
 * code, message, form and meaning. The double may say less than the real server, and nothing else.
 */
class TranscriptTest {
    private static final String OWN = "35ff75fe-ca6c-40b6-8b11-be045e5f67ad";
    private static final String OTHER = "02fa698a-e931-4396-b2be-b30b3e627c42";
    private static final Map<String, String> NODES = Map.of(
            OWN, "ae9db8d1-33cf-4efd-ac77-d5a9d531eb6c",
            OTHER, "51eaa753-5347-43eb-8a59-52f3fa127a54");
    private static final Map<String, String> NAMES = Map.of(
            "9ae56300-3cdf-48d3-ab02-b250041abdc8", "ct102",
            "bd1ab4de-2e24-4efd-b390-288474fd7127", "ct104");

    /** What neither the agent nor netclient's double asks, so that the double of the server has no answer to it. */
    private static final Set<String> NOT_ASKED = Set.of(
            "GET /api/server/status",
            "POST /api/networks",
            "POST /api/users/adm/createsuperadmin",
            "POST /api/users/adm/authenticate",
            "POST /api/v1/users/access_token",
            "PUT /api/v1/fallback/host",
            "GET /api/v1/host/*/peer_info",
            "GET /api/hosts",
            "GET /api/nodes/prod",
            "DELETE /api/nodes/prod");

    private final MeshServer server = new MeshServer("127.0.0.1", 0);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void the_recorded_conversation_is_what_the_double_answers_and_what_the_agent_understands() {
        List<Call> calls = Transcript.conversation();
        Set<String> skipped = new TreeSet<>();
        int replayed = 0;
        for (Call call : calls) {
            if (!call.isAnswer() && call.path().startsWith("/api/v1/host/register/")) {
                register(new JsonObject(call.body()));
            }
            if (!call.isAnswer() || (call.path().startsWith("/api/v1/host/register/") && call.code() == 200)) {
                continue;
            }
            if (NOT_ASKED.contains(kind(call))) {
                skipped.add(kind(call));
                continue;
            }
            hold(call);
            replayed++;
        }
        assertThat(skipped).isEqualTo(NOT_ASKED);
        assertThat(replayed).isEqualTo(31);
    }

    @Test
    void every_answer_that_was_asked_for_by_hand_is_the_doubles_too() {
        Transcript.conversation().stream()
                .filter(call -> !call.isAnswer() && call.path().startsWith("/api/v1/host/register/"))
                .forEach(call -> register(new JsonObject(call.body())));
        List<Call> answers = Transcript.answers();
        assertThat(answers).hasSize(14);
        answers.forEach(this::hold);
    }

    @Test
    void netclients_own_files_are_read_as_they_were_in_a_joined_container(@TempDir Path root)
            throws IOException, NetmakerException {
        Path folder = Files.createDirectories(root.resolve("etc/netclient"));
        for (String name : List.of("netclient.json", "servers.json", "nodes.json")) {
            String text = Transcript.text(name + ".joined").replace("<SECRET>", "SECRET");
            Files.writeString(folder.resolve(name), text);
        }

        GuestNetclient guest = GuestNetclient.read(root);

        assertThat(guest.identity().orElseThrow().hostId()).isEqualTo(OWN);
        assertThat(guest.identity().orElseThrow().mac()).isEqualTo("3e:39:ef:2f:26:d9");
        assertThat(guest.identity().orElseThrow().link()).isEqualTo("netmaker");
        assertThat(guest.serverAt("api.nm.test")).contains(MeshServer.NAME);
        assertThat(guest.nodes()).containsExactly(new MeshNode("prod", nodeOf(OWN), "100.64.0.1/16"));
    }

    private static String nodeOf(String host) {
        return Objects.requireNonNull(NODES.get(host));
    }

    private void register(JsonObject body) {
        String id = body.getString("id");
        server.change(world -> world.nodeIds.add(nodeOf(id)));
        MeshRoutes.Answer answer =
                server.answer(new Request("POST", "/api/v1/host/register/" + server.token(1), "", "", body.encode()));
        assertThat(answer.code()).isEqualTo(200);
        Call recorded = Transcript.conversation().stream()
                .filter(call -> call.code() == 200
                        && call.path().startsWith("/api/v1/host/register/")
                        && call.body().contains(id))
                .findFirst()
                .orElseThrow();
        // The double's requested_host has its nodes at once, the real server's later: null.
        JsonObject own = new JsonObject(answer.body());
        own.getJsonObject("requested_host").remove("nodes");
        assertWithin("register", own, new JsonObject(recorded.body()));
    }

    /** The same question to the double, and the same understanding of both answers. */
    private void hold(Call recorded) {
        MeshRoutes.Answer answer = server.answer(request(recorded));
        assertThat(answer.code()).as("%s", recorded).isEqualTo(recorded.code());
        Answer own = new Answer(answer.code(), answer.body());
        Answer real = recorded.answer();
        assertThat(ServerAnswers.message(own)).as("%s", recorded).isEqualTo(ServerAnswers.message(real));
        real.object()
                .ifPresent(
                        json -> assertWithin(recorded.toString(), own.object().orElseThrow(), json));
        real.list()
                .ifPresent(json -> assertWithin(recorded.toString(), own.list().orElseThrow(), json));
        for (Map.Entry<String, Function<Answer, Object>> reader : readers().entrySet()) {
            assertThat(reader.getValue().apply(own))
                    .as("%s of %s", reader.getKey(), recorded)
                    .isEqualTo(reader.getValue().apply(real));
        }
    }

    private static Map<String, Function<Answer, Object>> readers() {
        return Map.of(
                "isUnknown", ServerAnswers::isUnknown,
                "pass", answer -> ServerAnswers.pass(answer).isPresent(),
                "networks", ServerAnswers::networks,
                "nodesOfHost", ServerAnswers::nodesOfHost,
                "node", answer -> meaning(ServerAnswers.node(answer, "prod")));
    }

    /** The recorded check-in is long ago by now, so a node that was well is doubted; its peers are the same. */
    private static Object meaning(Optional<HostStatus> opinion) {
        return opinion.<Object>map(one -> one instanceof HostStatus.Healthy well
                        ? well.peers()
                        : one instanceof HostStatus.Unhealthy doubted
                                        && doubted.why().contains("checked in")
                                ? doubted.peers()
                                : one)
                .orElse("nothing");
    }

    private static String kind(Call call) {
        String path = call.path().replaceFirst("[?].*", "").replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "*");
        String known = call.method() + " " + path.replaceFirst("/[*]$", "");
        return (call.method().equals("GET") && path.equals("/api/nodes/prod/*")) || path.equals("/api/hosts/*")
                ? call.method() + " " + path
                : known;
    }

    private Request request(Call recorded) {
        String path = recorded.path().replaceFirst("[?].*", "");
        String query = recorded.path().contains("?") ? recorded.path().replaceFirst("[^?]*[?]", "") : "";
        if (path.startsWith("/api/v1/host/register/")) {
            return registration(ServerAnswers.message(recorded.answer()));
        }
        if (path.equals("/api/hosts/adm/authenticate")) {
            return authentication(recorded);
        }
        String method = recorded.method();
        if (path.startsWith("/api/v1/enrollment-keys")) {
            return ofKeys(recorded);
        }
        if (path.equals("/api/networks") || path.contains("/networks/")) {
            if (method.equals("DELETE")) {
                place(path.split("/", -1)[3], "vm");
            }
            return new Request(method, path, query, server.credential(), "");
        }
        if (path.equals("/api/v1/pending_hosts")) {
            return new Request(method, path, query, recorded.code() == 200 ? server.credential() : masterKey(), "");
        }
        String id = method.equals("DELETE") && recorded.code() == 200
                ? path.substring("/api/hosts/".length())
                : recorded.path().contains("reset_failovered")
                                && recorded.body().contains("\"name\": \"ct101\",\n  \"os\"")
                        ? OTHER
                        : OWN;
        if (NAMES.containsKey(id)) {
            place(id, NAMES.get(id));
        }
        return new Request(method, path, query, pass(id), "");
    }

    private Request ofKeys(Call recorded) {
        String path = "/api/v1/enrollment-keys";
        if (recorded.method().equals("GET")) {
            return new Request("GET", path, "", server.credential(), "");
        }
        if (recorded.method().equals("DELETE")) {
            server.change(world -> world.keys.put("there", new MeshKey(List.of("prod"), 1)));
            return new Request(
                    "DELETE", path + (recorded.code() == 200 ? "/there" : "/nosuch"), "", server.credential(), "");
        }
        boolean twice = recorded.code() == 400;
        String network = recorded.body().contains("nonet") ? "nonet" : "prod";
        String tag = twice ? "twice" : "key-" + recorded.line();
        if (twice) {
            server.change(world -> {
                MeshKey key = new MeshKey(List.of("prod"), 1);
                key.tag = tag;
                world.keys.put("twice", key);
            });
        }
        JsonObject wanted = new JsonObject()
                .put("tags", new JsonArray().add(tag))
                .put("networks", new JsonArray().add(network))
                .put("uses_remaining", 1);
        return new Request("POST", path, "", recorded.code() == 401 ? "wrong" : server.credential(), wanted.encode());
    }

    private Request registration(String message) {
        String token = message.equals("no enrollmentkey found") ? server.token("0".repeat(32)) : server.token(0);
        return new Request("POST", "/api/v1/host/register/" + token, "", "", "{\"id\":\"x\"}");
    }

    private static Request authentication(Call recorded) {
        String id = recorded.code() == 200
                ? recorded.answer()
                        .object()
                        .orElseThrow()
                        .getJsonObject("Response")
                        .getString("ID")
                : recorded.code() == 401 ? OWN : "00000000-0000-0000-0000-000000000001";
        String password = recorded.code() == 401 ? "wrong" : "<SECRET>";
        return new Request(
                "POST",
                recorded.path(),
                "",
                "",
                new JsonObject()
                        .put("id", id)
                        .put("password", password)
                        .put("macaddress", "02:00:00:00:00:09")
                        .encode());
    }

    private void place(String id, String name) {
        JsonObject body = new JsonObject().put("id", id).put("name", name).put("hostpass", "<SECRET>");
        server.answer(new Request("POST", "/api/v1/host/register/" + server.token(1), "", "", body.encode()));
    }

    private String pass(String id) {
        JsonObject credential = new JsonObject().put("id", id).put("password", "<SECRET>");
        MeshRoutes.Answer answer =
                server.answer(new Request("POST", "/api/hosts/adm/authenticate", "", "", credential.encode()));
        return ServerAnswers.pass(new Answer(answer.code(), answer.body())).orElseThrow();
    }

    private String masterKey() {
        String[] key = {""};
        server.change(world -> key[0] = world.masterKey);
        return key[0];
    }

    /** Each key that the double gives is in the real answer, with the same kind of value. */
    private static void assertWithin(String where, @Nullable Object own, @Nullable Object real) {
        if (own instanceof JsonObject mine && real instanceof JsonObject theirs) {
            assertThat(theirs.fieldNames()).as(where).containsAll(mine.fieldNames());
            mine.fieldNames()
                    .forEach(name -> assertWithin(where + " " + name, mine.getValue(name), theirs.getValue(name)));
        } else if (own instanceof JsonArray mine && real instanceof JsonArray theirs) {
            if (!mine.isEmpty() && !theirs.isEmpty()) {
                assertWithin(where + "[0]", mine.getValue(0), theirs.getValue(0));
            }
        } else {
            assertThat(kind(own)).as("%s: %s and %s", where, own, real).isEqualTo(kind(real));
        }
    }

    private static String kind(@Nullable Object value) {
        return value == null
                ? "null"
                : value instanceof Number ? "number" : value.getClass().getSimpleName();
    }
}
