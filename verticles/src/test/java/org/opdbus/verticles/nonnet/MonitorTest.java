// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The updates that monitors of both kinds receive (RFC 7047 section 4.1.6, ovsdb-server(7) section 4.1.14). */
class MonitorTest {
    private final Tables tables = new Tables("here");

    private void port(String name, Optional<Integer> tag, List<Integer> trunks, Map<String, String> externalIds) {
        tables.put(
                Schema.PORT,
                name,
                Map.of(
                        "name", Datum.of(name),
                        "bridge", Datum.of("vmbr0"),
                        "tag", Datum.ofNumber(tag),
                        "trunks", Datum.ofNumbers(trunks),
                        "vlan_mode", Datum.of(Optional.empty()),
                        "external_ids", Datum.of(externalIds),
                        "ofport", Datum.ofNumber(Optional.of(1)),
                        "error", Datum.of(Optional.empty()),
                        "type", Datum.of("")));
    }

    private void plain(String name) {
        port(name, Optional.empty(), List.of(1, 2), Map.of("a", "1", "b", "2"));
    }

    private static Monitor monitor(UpdateFormat format, String requests) {
        return new Monitor(format, "m", new JsonObject(requests));
    }

    private String uuid(String name) {
        return tables.row(Schema.PORT, name).orElseThrow().uuid().toString();
    }

    /** Returns the update about the only row that has changed; empty if there is none. */
    private Optional<JsonObject> told(Monitor monitor) {
        return monitor.update(tables.commit()).map(params -> {
            assertThat(params.getString(0)).isEqualTo("m");
            JsonObject rows = params.getJsonObject(1).getJsonObject("port");
            assertThat(rows.fieldNames()).hasSize(1);
            return rows.getJsonObject(rows.fieldNames().iterator().next());
        });
    }

    private static JsonObject json(String text) {
        return new JsonObject(text);
    }

    @Test
    void the_answer_holds_every_row_with_the_columns_asked_for() {
        plain("p1");
        Monitor monitor = monitor(UpdateFormat.UPDATE, "{\"port\":[{\"columns\":[\"name\",\"trunks\"]}],\"lxc\":[{}]}");
        assertThat(monitor.initial(tables, 1 << 20).text().toJsonObject())
                .isEqualTo(new JsonObject()
                        .put(
                                "port",
                                new JsonObject()
                                        .put(
                                                uuid("p1"),
                                                json("{\"new\":{\"name\":\"p1\",\"trunks\":[\"set\",[1,2]]}}"))));
    }

    @Test
    void without_columns_all_but_the_identifier_are_sent() {
        plain("p1");
        JsonObject initial = monitor(UpdateFormat.UPDATE, "{\"port\":{}}")
                .initial(tables, 1 << 20)
                .text()
                .toJsonObject();
        assertThat(initial.getJsonObject("port")
                        .getJsonObject(uuid("p1"))
                        .getJsonObject("new")
                        .fieldNames())
                .contains("name", "external_ids", "_version")
                .doesNotContain("_uuid");
    }

    @Test
    void an_initial_row_can_be_done_without() {
        plain("p1");
        assertThat(monitor(UpdateFormat.UPDATE, "{\"port\":[{\"select\":{\"initial\":false}}]}")
                        .initial(tables, 1 << 20)
                        .text()
                        .toJsonObject())
                .isEqualTo(new JsonObject());
    }

    @Test
    void a_modified_row_is_sent_with_its_old_values_where_they_differ() {
        plain("p1");
        tables.commit();
        Monitor monitor = monitor(UpdateFormat.UPDATE, "{\"port\":[{\"columns\":[\"name\",\"tag\"]}]}");
        port("p1", Optional.of(5), List.of(1, 2), Map.of("a", "1", "b", "2"));
        assertThat(told(monitor))
                .contains(json("{\"old\":{\"tag\":[\"set\",[]]},\"new\":{\"name\":\"p1\",\"tag\":5}}"));
    }

    @Test
    void a_change_in_other_columns_is_not_told() {
        plain("p1");
        tables.commit();
        Monitor monitor = monitor(UpdateFormat.UPDATE, "{\"port\":[{\"columns\":[\"name\",\"bridge\"]}]}");
        port("p1", Optional.of(5), List.of(), Map.of());
        assertThat(told(monitor)).isEmpty();
    }

    @Test
    void inserted_and_deleted_rows_are_sent_whole() {
        Monitor monitor = monitor(UpdateFormat.UPDATE, "{\"port\":[{\"columns\":[\"name\",\"tag\"]}]}");
        plain("p1");
        assertThat(told(monitor)).contains(json("{\"new\":{\"name\":\"p1\",\"tag\":[\"set\",[]]}}"));
        tables.delete(Schema.PORT, "p1");
        assertThat(told(monitor)).contains(json("{\"old\":{\"name\":\"p1\",\"tag\":[\"set\",[]]}}"));
    }

    @Test
    void each_request_of_a_table_has_its_own_columns_and_kinds() {
        Monitor monitor = monitor(UpdateFormat.UPDATE, """
                {"port":[{"columns":["name"],"select":{"modify":false}},
                         {"columns":["tag"],"select":{"insert":false,"delete":false}}]}""");
        plain("p1");
        assertThat(told(monitor)).contains(json("{\"new\":{\"name\":\"p1\"}}"));
        port("p1", Optional.of(5), List.of(), Map.of());
        assertThat(told(monitor)).contains(json("{\"old\":{\"tag\":[\"set\",[]]},\"new\":{\"tag\":5}}"));
        tables.delete(Schema.PORT, "p1");
        assertThat(told(monitor)).contains(json("{\"old\":{\"name\":\"p1\"}}"));
    }

    @Test
    void a_conditional_monitor_gets_differences() {
        plain("p1");
        tables.commit();
        Monitor monitor =
                monitor(UpdateFormat.UPDATE2, "{\"port\":[{\"columns\":[\"tag\",\"trunks\",\"external_ids\"]}]}");
        port("p1", Optional.of(5), List.of(2, 3), Map.of("a", "9", "c", "3"));
        JsonObject modify = told(monitor).orElseThrow().getJsonObject("modify");

        assertThat(modify.getInteger("tag")).isEqualTo(5);
        assertThat(elements(modify, "trunks")).containsExactlyInAnyOrder(1L, 3L);
        assertThat(elements(modify, "external_ids"))
                .containsExactlyInAnyOrder(JsonArray.of("a", "9"), JsonArray.of("b", "2"), JsonArray.of("c", "3"));
    }

    private static Iterable<Object> elements(JsonObject row, String column) {
        return row.getJsonArray(column).getJsonArray(1);
    }

    @Test
    void a_conditional_monitor_leaves_default_values_out_of_whole_rows() {
        plain("p1");
        Monitor monitor =
                monitor(UpdateFormat.UPDATE2, "{\"port\":[{\"columns\":[\"name\",\"tag\",\"type\",\"vlan_mode\"]}]}");
        assertThat(monitor.initial(tables, 1 << 20)
                        .text()
                        .toJsonObject()
                        .getJsonObject("port")
                        .getJsonObject(uuid("p1")))
                .isEqualTo(json("{\"initial\":{\"name\":\"p1\"}}"));
    }

    @Test
    void a_row_enters_and_leaves_a_condition_by_being_modified() {
        plain("p1");
        tables.commit();
        Monitor monitor = monitor(
                UpdateFormat.UPDATE2,
                "{\"port\":[{\"columns\":[\"name\"],\"where\":[[\"tag\",\"==\",5],[\"tag\",\"==\",6]]}]}");
        assertThat(monitor.initial(tables, 1 << 20).text().toJsonObject()).isEqualTo(new JsonObject());

        port("p1", Optional.of(5), List.of(), Map.of());
        assertThat(told(monitor)).contains(json("{\"insert\":{\"name\":\"p1\"}}"));
        port("p1", Optional.of(6), List.of(), Map.of());
        assertThat(told(monitor)).isEmpty();
        port("p1", Optional.of(7), List.of(), Map.of());
        assertThat(told(monitor)).contains(json("{\"delete\":null}"));
        tables.delete(Schema.PORT, "p1");
        assertThat(told(monitor)).isEmpty();
    }

    @Test
    void no_conditions_are_every_row_and_false_is_none() {
        plain("p1");
        assertThat(monitor(UpdateFormat.UPDATE2, "{\"port\":[{\"where\":[]}]}")
                        .initial(tables, 1 << 20)
                        .text()
                        .toJsonObject())
                .isNotEmpty();
        assertThat(monitor(UpdateFormat.UPDATE2, "{\"port\":[{\"where\":[false]}]}")
                        .initial(tables, 1 << 20)
                        .text()
                        .toJsonObject())
                .isEmpty();
    }
}
