// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.edges.rows.DatabaseRows;
import org.opdbus.verticles.edges.rows.RowsChange;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.testing.PrivateOvs;

class RowSourceIT {
    private final PrivateOvs ovs = new PrivateOvs();
    private final Vertx vertx = Vertx.vertx();
    private final RowSource source = new RowSource(
            vertx.getOrCreateContext(),
            new OvsdbOptions(
                    ovs.socket(),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200)),
            RowSource.TABLES);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        ovs.close();
    }

    @Test
    void the_rows_are_those_of_ovs_vsctl_column_by_column() {
        ovs.start();
        ovs.addBridge("br0");
        ovs.vsctl("set-controller", "br0", "tcp:127.0.0.1:6653", "--", "add-port", "br0", "p1", "tag=5");
        ovs.vsctl("set", "Interface", "p1", "type=internal", "external_ids:a=1", "external_ids:b=\"x y\"");
        ovs.vsctl("set", "Port", "p1", "trunks=[3,1,2]", "--", "set-manager", "ptcp:0:127.0.0.1");
        ovs.vsctl(
                "--id=@p",
                "get",
                "Port",
                "p1",
                "--",
                "--id=@m",
                "create",
                "Mirror",
                "name=m0",
                "output_port=@p",
                "--",
                "set",
                "Bridge",
                "br0",
                "mirrors=@m");
        Disposable kept = source.keep();

        for (String table : RowSource.TABLES) {
            eventually(
                    () -> assertThat(texts(source.current(), table)).as(table).isEqualTo(toldByVsctl(table)));
        }
        ovs.vsctl("set", "Port", "p1", "trunks=[3,4]", "--", "set", "Interface", "p1", "external_ids={b=y,c=2}");
        ovs.vsctl("--", "clear", "Port", "p1", "tag", "--", "add-port", "br0", "p2");
        for (String table : RowSource.TABLES) {
            eventually(
                    () -> assertThat(texts(source.current(), table)).as(table).isEqualTo(toldByVsctl(table)));
        }
        kept.dispose();
    }

    @Test
    void the_key_of_a_tunnel_is_hidden_and_what_is_beside_it_is_not() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        ovs.vsctl("add-port", "br0", "t1", "--", "set", "Interface", "t1", "options:psk=s3cret", "options:key=7");
        Disposable kept = source.keep();
        eventually(() -> assertThat(options()).isEqualTo("{\"key\":\"7\",\"psk\":\"(hidden)\"}"));

        ovs.vsctl("set", "Interface", "t1", "options:psk=other", "options:key=8");
        eventually(() -> assertThat(options()).isEqualTo("{\"key\":\"8\",\"psk\":\"(hidden)\"}"));
        ovs.vsctl("remove", "Interface", "t1", "options", "psk");
        eventually(() -> assertThat(options()).isEqualTo("{\"key\":\"8\"}"));
        ovs.vsctl("set", "Interface", "t1", "options:psk=third");
        eventually(() -> assertThat(options()).isEqualTo("{\"key\":\"8\",\"psk\":\"(hidden)\"}"));
        kept.dispose();
    }

    private String options() {
        return source.current()
                .table("Interface")
                .named("t1")
                .orElseThrow()
                .value("options")
                .orElseThrow()
                .text();
    }

    @Test
    void the_last_rows_stay_while_the_database_is_away_and_are_renewed_afterwards() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        Disposable kept = source.keep();
        eventually(() -> assertThat(bridge("br0").name()).contains("br0"));
        int serial = bridge("br0").serial();

        ovs.killDatabase();
        eventually(() -> assertThat(source.current().standing().isConnected()).isFalse());
        assertThat(source.current().standing().reason()).contains("Open vSwitch");
        assertThat(bridge("br0").serial()).isEqualTo(serial);
        ovs.startDatabase();
        ovs.addBridge("br1");

        eventually(() -> assertThat(bridge("br1").name()).contains("br1"));
        assertThat(bridge("br0").serial()).isEqualTo(serial);
        assertThat(source.current().standing().isConnected()).isTrue();
        kept.dispose();
    }

    @Test
    void a_source_that_nothing_keeps_has_no_rows_and_no_connection() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        assertThat(source.current().tables()).isEmpty();

        Disposable first = source.keep();
        Disposable second = source.keep();
        eventually(() -> assertThat(bridge("br0").name()).contains("br0"));
        first.dispose();
        first.dispose();
        ovs.addBridge("br1");
        eventually(() -> assertThat(bridge("br1").name()).contains("br1"));
        second.dispose();

        eventually(() -> assertThat(source.current().tables()).isEmpty());
        assertThat(source.current().standing().isConnected()).isFalse();
        Disposable third = source.keep();
        eventually(() -> assertThat(bridge("br1").name()).contains("br1"));
        third.dispose();
    }

    @Test
    void a_reader_gets_what_is_there_and_then_each_difference() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        Disposable kept = source.keep();
        TestSubscriber<RowsChange> reader = source.changes(Schedulers.single()).test();
        eventually(() -> assertThat(reader.values())
                .anySatisfy(change -> assertThat(change.rows())
                        .anySatisfy(row ->
                                assertThat(row.after().orElseThrow().name()).contains("br0"))));

        ovs.vsctl("set", "Bridge", "br0", "external_ids:a=1");

        int column = bridge("br0").columns().number("external_ids").orElseThrow();
        eventually(() -> assertThat(reader.values()).anySatisfy(change -> {
            assertThat(change.rows()).hasSize(1);
            assertThat(change.rows().get(0).columns()).containsExactly(column);
        }));
        reader.cancel();
        kept.dispose();
    }

    private StoredRow bridge(String name) {
        return source.current().table("Bridge").named(name).orElseThrow();
    }

    /** Identifier, column and value, as the source has them. */
    private static Map<String, Map<String, String>> texts(DatabaseRows rows, String table) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        rows.table(table).all().forEach(row -> {
            Map<String, String> columns = new TreeMap<>();
            row.columns()
                    .names()
                    .forEach(name ->
                            columns.put(name, row.value(name).orElseThrow().text()));
            all.put(row.uuid(), columns);
        });
        assertThat(all).isNotEmpty();
        return all;
    }

    /** The same in the words of ovs-vsctl, whose lists of columns and values are independent of the source. */
    private Map<String, Map<String, String>> toldByVsctl(String table) {
        JsonObject told = new JsonObject(ovs.vsctl("--format=json", "--data=json", "list", table));
        JsonArray headings = told.getJsonArray("headings");
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (Object each : told.getJsonArray("data")) {
            JsonArray row = (JsonArray) each;
            Map<String, String> columns = new TreeMap<>();
            for (int i = 1; i < headings.size(); i++) {
                columns.put(headings.getString(i), new String(PlainText.of(row.getValue(i)), StandardCharsets.UTF_8));
            }
            all.put(row.getJsonArray(0).getString(1), columns);
        }
        return all;
    }
}
