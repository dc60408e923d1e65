// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.LinkEvent.LinkAppeared;

/** The server with many, slow, silent or hostile clients. */
class NonNetLimitsIT {
    private static final String LIST_DBS = "{\"id\":\"after\",\"method\":\"list_dbs\",\"params\":[]}";

    private final NonNetLab lab = new NonNetLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void two_hundred_clients_at_once_are_answered_and_told() throws IOException {
        lab.start().oneContainer();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                clients.add(new RawClient(lab.socket));
            }
            for (RawClient client : clients) {
                client.send("{\"id\":1,\"method\":\"monitor\",\"params\":[\"OpNonNet\",\"m\",{\"lxc\":{}}]}");
            }
            for (RawClient client : clients) {
                assertThat(client.nextAnswer().getJsonObject("result").fieldNames())
                        .containsExactly("lxc");
            }
            lab.containers(NonNetLab.container("100", false));
            lab.containerStopped("100");
            for (RawClient client : clients) {
                JsonObject update = client.nextAnswer();
                assertThat(update.getString("method")).isEqualTo("update");
                assertThat(update.getJsonArray("params").getString(0)).isEqualTo("m");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        assertThat(lab.client("list-dbs", lab.remote())).isEqualTo("OpNonNet\n");
    }

    @Test
    void clients_past_the_limit_are_turned_away_and_room_is_found_again() throws IOException {
        lab.start(lab.options(Duration.ofMinutes(1)));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < lab.options().clientsMax(); i++) {
            RawClient client = new RawClient(lab.socket);
            client.send(LIST_DBS).nextAnswer();
            clients.add(client);
        }
        try (RawClient refused = new RawClient(lab.socket)) {
            refused.expectEnd();
        }
        for (RawClient client : clients) {
            client.close();
        }
        eventually(() -> assertThat(lab.client("list-dbs", lab.remote())).isEqualTo("OpNonNet\n"));
    }

    @Test
    void a_client_that_never_reads_is_dropped_and_the_others_hear_everything() throws IOException {
        lab.start(lab.options(Duration.ofMinutes(1))).oneContainer();
        String monitorLinks =
                "{\"id\":1,\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"link\":{\"columns\":[\"up\",\"name\"]}}]}";
        try (RawClient idle = new RawClient(lab.socket);
                RawClient reader = new RawClient(lab.socket)) {
            idle.send(monitorLinks);
            reader.send(monitorLinks).nextAnswer();
            int changes = 20_000;
            int heard = 0;
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < changes / 20; i++) {
                    lab.bus.publish(new LinkAppeared(NonNetLab.link(1_000 + i, "r" + round + "l" + i)));
                }
                // An update has the changes of as many facts as came while the one before it was made.
                while (heard < (round + 1) * changes / 20) {
                    JsonObject update = reader.nextAnswer();
                    assertThat(update.getString("method")).isEqualTo("update");
                    heard += update.getJsonArray("params")
                            .getJsonObject(1)
                            .getJsonObject("link")
                            .size();
                }
            }
            assertThat(heard).isEqualTo(changes);
            idle.expectEnd();
            reader.send(LIST_DBS);
            assertThat(reader.nextAnswer().getString("id")).isEqualTo("after");
        }
    }

    @Test
    void a_client_that_asks_and_never_reads_the_answers_is_dropped() throws IOException {
        lab.start().oneContainer();
        try (RawClient client = new RawClient(lab.socket)) {
            byte[] requests = "{\"id\":1,\"method\":\"get_schema\",\"params\":[\"OpNonNet\"]}"
                    .repeat(100)
                    .getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> {
                        while (true) {
                            client.send(requests);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(lab.client("list-dbs", lab.remote())).isEqualTo("OpNonNet\n");
    }

    @Test
    void a_silent_client_is_asked_for_a_sign_of_life_and_kept_if_it_gives_one() throws IOException {
        // Time enough to answer on a busy machine.
        lab.start(lab.options(Duration.ofSeconds(5)));
        try (RawClient alive = new RawClient(lab.socket);
                RawClient dead = new RawClient(lab.socket)) {
            for (int i = 0; i < 2; i++) {
                JsonObject probe = alive.next();
                assertThat(probe.getString("method")).isEqualTo("echo");
                alive.giveSignOfLife(probe);
            }
            dead.expectEnd();
            alive.send(LIST_DBS);
            assertThat(alive.nextAnswer().getString("id")).isEqualTo("after");
        }
    }

    @Test
    void half_a_message_does_not_keep_a_connection_alive() throws IOException {
        lab.start();
        try (RawClient client = new RawClient(lab.socket)) {
            client.send("{\"id\":1,\"method\":\"list_dbs\",\"par").expectEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\n",
                "GET / HTTP/1.1\r\n\r\n",
                "{]",
                "[]",
                "[{\"id\":1,\"method\":\"list_dbs\",\"params\":[]}]",
                "17",
                "null",
                "\"list_dbs\"",
                "{\"id\":1}{\"no\":2}",
                "{\"id\":1,\"method\":3,\"params\":[]}{}",
                "{\"id\":1,\"method\":\"list_dbs\",\"params\":[],}",
                "{'id':1}",
                "{\"id\":01}",
                "{\"id\":\"\u0001\"}",
                "{\"id\":1e999999999999,\"x\":NaN}",
            })
    void what_is_no_json_rpc_ends_its_connection_and_nothing_else(String garbage) throws IOException {
        lab.start();
        try (RawClient client = new RawClient(lab.socket)) {
            client.send(garbage).expectEnd();
        }
        assertAlive();
    }

    @Test
    void bytes_that_are_no_text_end_their_connection() throws IOException {
        lab.start();
        byte[] bytes = new byte[4096];
        Arrays.fill(bytes, (byte) 0xff);
        try (RawClient client = new RawClient(lab.socket)) {
            client.send(bytes).expectEnd();
        }
        assertAlive();
    }

    @Test
    void deep_nesting_ends_its_connection() throws IOException {
        lab.start();
        try (RawClient client = new RawClient(lab.socket)) {
            client.send("{\"id\":1,\"method\":\"list_dbs\",\"params\":" + "[".repeat(10_000))
                    .expectEnd();
        }
        assertAlive();
    }

    @Test
    void a_message_of_a_hundred_megabytes_ends_its_connection_early() throws IOException {
        lab.start();
        try (RawClient client = new RawClient(lab.socket)) {
            client.send("{\"id\":1,\"method\":\"list_dbs\",\"params\":[\"");
            byte[] megabyte = new byte[1 << 20];
            Arrays.fill(megabyte, (byte) 'x');
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            client.send(megabyte);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertAlive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"method\":\"frob\",\"params\":[]",
                "\"method\":\"lock\",\"params\":[\"x\"]",
                "\"method\":\"monitor_cond_since\",\"params\":[\"OpNonNet\",null,{},\"0\"]",
                "\"method\":\"get_schema\",\"params\":[]",
                "\"method\":\"get_schema\",\"params\":[\"_Server\"]",
                "\"method\":\"get_schema\",\"params\":3",
                "\"method\":\"get_schema\"",
                "\"method\":\"transact\",\"params\":[]",
                "\"method\":\"transact\",\"params\":[null]",
                "\"method\":\"transact\",\"params\":[\"Open_vSwitch\",{}]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\"]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,[]]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"nope\":[{}]}]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"lxc\":[3]}]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"lxc\":null}]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"lxc\":[{\"columns\":[\"nope\"]}]}]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"lxc\":[{\"columns\":[\"id\",\"id\"]}]}]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"lxc\":[{\"columns\":\"id\"}]}]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"lxc\":[{\"select\":{\"insert\":1}}]}]",
                "\"method\":\"monitor\",\"params\":[\"OpNonNet\",1,{\"lxc\":[{\"select\":[]}]}]",
                "\"method\":\"monitor_cond\",\"params\":[\"OpNonNet\",1,{\"lxc\":[{\"where\":3}]}]",
                "\"method\":\"monitor_cond\",\"params\":[\"OpNonNet\",1,{\"lxc\":[{\"where\":[[\"id\",\"<\",\"a\"]]}]}]",
                "\"method\":\"monitor_cond\",\"params\":[\"OpNonNet\",1,{\"lxc\":[{\"wher\":[]}]}]",
                "\"method\":\"monitor_cancel\",\"params\":[1]",
                "\"method\":\"monitor_cancel\",\"params\":[]",
            })
    void a_request_that_makes_no_sense_is_answered_with_an_error(String request) throws IOException {
        lab.start();
        try (RawClient client = new RawClient(lab.socket)) {
            JsonObject answer = client.send("{\"id\":[1]," + request + "}").nextAnswer();
            assertThat(answer.getJsonArray("id")).isEqualTo(JsonArray.of(1));
            assertThat(answer.getValue("result")).isNull();
            assertThat(answer.getValue("error")).isNotNull();
            client.send(LIST_DBS);
            assertThat(client.nextAnswer().getString("id")).isEqualTo("after");
        }
    }

    @Test
    void monitors_are_named_apart_limited_and_cancelled() throws IOException {
        lab.start().oneContainer();
        try (RawClient client = new RawClient(lab.socket)) {
            for (int i = 0; i < lab.options().monitorsMax(); i++) {
                assertThat(monitor(client, Integer.toString(i)).getValue("error"))
                        .isNull();
            }
            assertThat(monitor(client, "\"one more\"").getJsonObject("error").getString("error"))
                    .isEqualTo("resources exhausted");
            assertThat(monitor(client, "0").getJsonObject("error").getString("details"))
                    .contains("duplicate monitor ID");
            client.send("{\"id\":1,\"method\":\"monitor_cancel\",\"params\":[0]}");
            assertThat(client.nextAnswer().getJsonObject("result")).isEqualTo(new JsonObject());
            assertThat(monitor(client, "null").getValue("error")).isNull();
        }
    }

    private static JsonObject monitor(RawClient client, String id) throws IOException {
        client.send("{\"id\":1,\"method\":\"monitor\",\"params\":[\"OpNonNet\"," + id + ",{\"lxc\":[{}]}]}");
        return client.nextAnswer();
    }

    private void assertAlive() {
        assertThat(lab.client("list-dbs", lab.remote())).isEqualTo("OpNonNet\n");
    }
}
