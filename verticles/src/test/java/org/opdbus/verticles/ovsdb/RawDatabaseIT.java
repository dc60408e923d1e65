// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.verticles.edges.BridgeException;
import org.opdbus.verticles.edges.BridgeException.Reason;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.ovsdb.raw.RawDatabase;
import org.opdbus.verticles.testing.PrivateOvs;

class RawDatabaseIT {
    private static final String DATABASE = "Open_vSwitch";
    private static final String BRIDGE_NAMES = "{\"Bridge\":{\"columns\":[\"name\"]}}";

    private final OvsLab lab = new OvsLab(new PrivateOvs());
    private final PrivateOvs ovs = lab.ovs;
    private final BridgeWork database = lab.source.bridges();

    @BeforeEach
    void start() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        lab.added("br0");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void the_schema_is_the_servers() {
        JsonObject schema = new JsonObject(database.schema(DATABASE).blockingGet());

        assertThat(schema.getString("name")).isEqualTo(DATABASE);
        assertThat(schema.getJsonObject("tables").fieldNames()).contains("Bridge", "Port", "Interface");
        assertThatThrownBy(() -> database.schema("none").blockingGet())
                .isInstanceOfSatisfying(
                        BridgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                .hasMessageContaining("unknown database");
    }

    @Test
    void a_transaction_is_answered_with_the_results_of_its_operations() {
        JsonArray results = new JsonArray(database.transact(
                        DATABASE,
                        "[{\"op\":\"select\",\"table\":\"Bridge\",\"where\":[],\"columns\":[\"name\"]},"
                                + "{\"op\":\"select\",\"table\":\"Nonsense\",\"where\":[]}]")
                .blockingGet());

        assertThat(results.getJsonObject(0).getJsonArray("rows")).containsExactly(new JsonObject().put("name", "br0"));
        assertThat(results.getJsonObject(1).getString("error")).isEqualTo("syntax error");
    }

    @Test
    void text_that_is_no_request_is_refused_and_does_not_reach_the_database() {
        for (String text : List.of("", "{}", "[", "7", " ".repeat(RawDatabase.REQUEST_CHARS_MAX) + "[]")) {
            assertThat(reasonOf(database.transact(DATABASE, text).toFlowable()))
                    .as(text.strip())
                    .isEqualTo(Reason.INVALID);
        }
        assertThat(reasonOf(database.monitor(DATABASE, "[]"))).isEqualTo(Reason.INVALID);
        assertThat(reasonOf(database.monitor(DATABASE, "{\"Nonsense\":{}}"))).isEqualTo(Reason.INVALID);
        assertThat(database.transact(DATABASE, "[7]").blockingGet()).contains("error");
    }

    @Test
    void an_operation_that_waits_for_ever_ends_within_the_limit_and_disturbs_no_other() {
        String waits = "[{\"op\":\"wait\",\"table\":\"Bridge\",\"where\":[],\"columns\":[\"name\"],"
                + "\"until\":\"==\",\"rows\":[],\"timeout\":3600000}]";

        assertThat(reasonOf(Flowable.merge(
                        database.transact(DATABASE, waits).toFlowable(),
                        database.createBridge("br1").toFlowable())))
                .isEqualTo(Reason.UNAVAILABLE);
        assertThat(database.listBridges().blockingGet()).containsExactly("br0", "br1");
    }

    @Test
    void an_answer_beyond_the_limits_is_refused_and_the_source_of_facts_goes_on() {
        String wide = "[" + "{\"op\":\"select\",\"table\":\"Bridge\",\"where\":[]},".repeat(2_000);
        ovs.vsctl("set", "Bridge", "br0", "external_ids:long=" + "x".repeat(2_000));

        assertThatThrownBy(() -> database.transact(DATABASE, wide + "{\"op\":\"comment\",\"comment\":\"\"}]")
                        .blockingGet())
                .isInstanceOfSatisfying(
                        BridgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED))
                .hasMessageContaining("fewer");
        lab.takeTurn("still-here");
        assertThat(lab.watcher.seen())
                .filteredOn(SourceListed.class::isInstance)
                .hasSize(1);
    }

    @Test
    void a_monitor_tells_what_is_there_and_then_each_change_until_it_is_cancelled() {
        TestSubscriber<String> reader = database.monitor(DATABASE, BRIDGE_NAMES).test();
        eventually(() -> reader.assertValueCount(1));
        assertThat(reader.values().get(0)).contains("\"new\":{\"name\":\"br0\"}");

        database.createBridge("br1").blockingAwait();
        eventually(() -> reader.assertValueCount(2));
        assertThat(reader.values().get(1)).contains("br1");
        database.deleteBridge("br1").blockingAwait();
        eventually(() -> reader.assertValueCount(3));
        assertThat(reader.values().get(2)).contains("\"old\":{\"name\":\"br1\"}");

        reader.assertNotComplete().assertNoErrors();
        reader.cancel();
        eventually(() -> assertThat(connectionsOfMonitors()).isZero());
    }

    @Test
    void a_monitor_ends_when_the_connection_is_lost() {
        TestSubscriber<String> reader = database.monitor(DATABASE, BRIDGE_NAMES).test();
        eventually(() -> reader.assertValueCount(1));

        ovs.killDatabase();

        eventually(() ->
                reader.assertError(e -> e instanceof BridgeException ended && ended.reason() == Reason.UNAVAILABLE));
    }

    @Test
    void a_monitor_whose_reader_never_reads_ends_and_holds_no_more_than_the_limit() {
        TestSubscriber<String> reader =
                database.monitor(DATABASE, "{\"Bridge\":{}}").test(0);
        String value = "x".repeat(100_000);
        eventually(() -> assertThat(connectionsOfMonitors()).isEqualTo(1));

        for (int i = 0; i < 60; i++) {
            database.transact(
                            DATABASE,
                            "[{\"op\":\"update\",\"table\":\"Bridge\",\"where\":[],\"row\":{\"external_ids\":"
                                    + "[\"map\",[[\"n\",\"" + i + value + "\"]]]}}]")
                    .ignoreElement()
                    .blockingAwait();
        }
        eventually(() -> assertThat(connectionsOfMonitors()).isZero());

        reader.request(Long.MAX_VALUE);
        eventually(
                () -> reader.assertError(e -> e instanceof BridgeException ended && ended.reason() == Reason.REFUSED));
        assertThat(reader.values().stream().mapToLong(String::length).sum()).isBetween(1L << 20, 4L << 20);
    }

    @Test
    void connections_are_limited_in_number_and_given_back() {
        List<TestSubscriber<String>> readers = new ArrayList<>();
        for (int i = 0; i < RawDatabase.CONNECTIONS_MAX; i++) {
            TestSubscriber<String> reader =
                    database.monitor(DATABASE, BRIDGE_NAMES).test();
            eventually(() -> reader.assertValueCount(1));
            readers.add(reader);
        }

        assertThatThrownBy(() -> database.schema(DATABASE).blockingGet()).hasMessageContaining("connections");
        readers.forEach(TestSubscriber::cancel);
        eventually(() -> assertThat(database.schema(DATABASE).blockingGet()).isNotEmpty());
    }

    /** Counts the connections that ovsdb-server serves, without the agent's own. */
    private int connectionsOfMonitors() {
        return lab.source.raw().orElseThrow().connections();
    }

    private static Reason reasonOf(Flowable<?> operation) {
        try {
            operation.ignoreElements().blockingAwait();
        } catch (BridgeException e) {
            return e.reason();
        }
        throw new AssertionError("was not refused");
    }
}
