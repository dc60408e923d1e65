// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiblingTablesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Tables tables = new Tables("here");
    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final HostTables host = new HostTables(tables, clock, "here", "1.2.3");
    private final SiblingTables siblings = new SiblingTables(tables, clock, "here");

    @Test
    void containers_of_one_name_on_two_hosts_are_two_rows() {
        host.containers(List.of(container("100", true)));
        siblings.replace(List.of(sibling("there", "up", container("100", false), container("101", true))));
        assertThat(select("lxc", "id", "host", "running"))
                .containsExactlyInAnyOrder(
                        json("{'id':'100','host':'here','running':true}"),
                        json("{'id':'100','host':'there','running':false}"),
                        json("{'id':'101','host':'there','running':true}"));

        // What one host has no more is gone from its rows alone.
        host.containers(List.of());
        siblings.replace(List.of(sibling("there", "up", container("100", false))));
        assertThat(select("lxc", "id", "host")).containsExactly(json("{'id':'100','host':'there'}"));
    }

    @Test
    void a_host_that_is_away_keeps_its_rows_and_this_host_is_distinct() {
        siblings.replace(List.of(sibling("there", "up", container("100", true))));
        tables.commit();
        siblings.replace(List.of(sibling("there", "away", container("100", true)), sibling("here", "up")));
        // Of its containers nothing has changed.
        assertThat(tables.commit())
                .singleElement()
                .satisfies(change -> assertThat(change.table()).isEqualTo(Schema.HOST));
        assertThat(select("lxc", "id")).hasSize(1);
        assertThat(select("host", "name", "state", "last_seen", "ledger_height", "version"))
                .containsExactlyInAnyOrder(
                        json("{'name':'here','state':'self','last_seen':['set',[]],'ledger_height':['set',[]],"
                                + "'version':'1.2.3'}"),
                        json("{'name':'there','state':'away','last_seen':'2026-01-02T03:04:05Z','ledger_height':17,"
                                + "'version':'9'}"));

        siblings.replace(List.of());
        assertThat(select("host", "name")).containsExactly(json("{'name':'here'}"));
        assertThat(select("lxc", "id")).isEmpty();
    }

    @Test
    void what_is_the_same_again_is_no_change() {
        siblings.replace(List.of(sibling("there", "up", container("100", true))));
        tables.commit();
        siblings.replace(List.of(sibling("there", "up", container("100", true))));
        assertThat(tables.commit()).isEmpty();
    }

    private static SiblingRow sibling(String name, String state, ContainerRow... containers) {
        return new SiblingRow(name, state, NOW, 17, "9", List.of(containers));
    }

    private static ContainerRow container(String id, boolean running) {
        return new ContainerRow(
                id, "vi" + id, "vmbr0", running, Map.of(), running ? "enrolled" : "stopped", Optional.empty());
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    private List<JsonObject> select(String table, String... columns) {
        JsonArray params = new JsonArray()
                .add(Schema.DATABASE)
                .add(new JsonObject()
                        .put("op", "select")
                        .put("table", table)
                        .put("where", new JsonArray())
                        .put("columns", new JsonArray(List.of(columns))));
        return ReadTransaction.run(tables, params, 1 << 20)
                .text()
                .toJsonArray()
                .getJsonObject(0)
                .getJsonArray("rows")
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }
}
