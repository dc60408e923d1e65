// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opdbus.verticles.edges.rows.RowColumns;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.fuse.tree.RefusedWriteException;
import org.opdbus.verticles.fuse.tree.RefusedWriteException.Reason;

class ColumnChangeTest {
    private static final String UUID = "aaaaaaaa-0000-0000-0000-000000000001";
    private static final String FREE = "{\"mine\":\"1\"}";
    private static final String MARKED = "{\"op-dbus:container\":\"web\",\"op-dbus:owner\":\"here\"}";

    @Test
    void a_value_is_set_if_the_row_still_has_the_value_that_was_read() {
        JsonArray operations =
                new JsonArray(change("Port", "tag", port("p1", FREE), "7\n").operations());

        JsonArray where = JsonArray.of(JsonArray.of("_uuid", "==", JsonArray.of("uuid", UUID)));
        assertThat(operations.getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("op", "wait")
                        .put("table", "Port")
                        .put("timeout", 0)
                        .put("where", where)
                        .put("columns", JsonArray.of("tag"))
                        .put("until", "==")
                        .put("rows", JsonArray.of(new JsonObject().put("tag", 5))));
        assertThat(operations.getJsonObject(1).getJsonArray("columns")).containsExactly("external_ids");
        assertThat(operations.getJsonObject(2))
                .isEqualTo(new JsonObject()
                        .put("op", "update")
                        .put("table", "Port")
                        .put("where", where)
                        .put("row", new JsonObject().put("tag", 7)));
    }

    @Test
    void sets_and_maps_are_written_as_the_file_shows_them() {
        assertThat(written("Port", "tag", "[]")).isEqualTo(JsonArray.of("set", new JsonArray()));
        assertThat(written("Port", "trunks", "[3,1]")).isEqualTo(JsonArray.of("set", JsonArray.of(3, 1)));
        assertThat(written("Port", "trunks", "4")).isEqualTo(4);
        assertThat(written("Port", "external_ids", "{\"a\":\"1\"}"))
                .isEqualTo(JsonArray.of("map", JsonArray.of(JsonArray.of("a", "1"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tag | ",
                "tag | x",
                "tag | 1.5",
                "tag | \"7\"",
                "tag | [1,2]",
                "tag | {}",
                "tag | null",
                "tag | true",
                "tag | 7 8",
                "trunks | [1,\"2\"]",
                "trunks | {}",
                "trunks | [[1]]",
                "external_ids | []",
                "external_ids | {\"a\":1}",
                "external_ids | {\"a\":{}}",
                "external_ids | \"a=1\"",
                "external_ids | {"
            })
    void what_is_no_value_of_the_column_is_refused(String column, @Nullable String content) {
        assertThat(refusal("Port", column, port("p1", FREE), content == null ? "" : content)
                        .reason())
                .isEqualTo(Reason.INVALID);
    }

    @Test
    void the_vlan_of_a_port_of_a_container_is_the_agents_and_not_a_writers() {
        assertThat(refusal("Port", "tag", port("p1", MARKED), "7"))
                .hasMessageContaining("container web")
                .extracting(RefusedWriteException::reason)
                .isEqualTo(Reason.NOT_PERMITTED);
        assertThat(refusal("Port", "trunks", port("p1", MARKED), "[7]").reason())
                .isEqualTo(Reason.NOT_PERMITTED);
        assertThat(change("Port", "external_ids", port("p1", MARKED), MARKED.replace("}", ",\"a\":\"b\"}"))
                        .operations())
                .contains("\"a\",\"b\"");
    }

    @Test
    void what_proxmox_configures_is_not_changed() {
        for (String name : new String[] {"veth101i0", "tap101i1", "fwln101o0"}) {
            assertThat(refusal("Port", "tag", port(name, FREE), "7")).hasMessageContaining("pct set");
            assertThat(refusal("Interface", "mtu_request", port(name, FREE), "1400")
                            .reason())
                    .isEqualTo(Reason.NOT_PERMITTED);
            assertThat(change("Port", "external_ids", port(name, FREE), "{}").target())
                    .isEqualTo(name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "{\"op-dbus:container\":\"web\"}",
                "{\"op-dbus:container\":\"other\",\"op-dbus:owner\":\"here\"}",
                "{\"op-dbus:container\":\"web\",\"op-dbus:owner\":\"here\",\"op-dbus:x\":\"1\"}"
            })
    void the_marks_of_the_agent_stay_as_they_are(String content) {
        assertThat(refusal("Port", "external_ids", port("p1", MARKED), content).reason())
                .isEqualTo(Reason.NOT_PERMITTED);
        assertThat(refusal("Bridge", "external_ids", port("br0", MARKED), content)
                        .reason())
                .isEqualTo(Reason.NOT_PERMITTED);
    }

    @Test
    void only_some_columns_can_be_written() {
        assertThat(ColumnChange.isWritable("Port", "tag")).isTrue();
        assertThat(ColumnChange.isWritable("Bridge", "external_ids")).isTrue();
        assertThat(ColumnChange.isWritable("Interface", "mtu_request")).isTrue();
        assertThat(ColumnChange.isWritable("Port", "name")).isFalse();
        assertThat(ColumnChange.isWritable("Interface", "tag")).isFalse();
        assertThat(ColumnChange.isWritable("Mirror", "external_ids")).isFalse();
    }

    @Test
    void the_servers_answer_says_whether_the_guard_or_the_value_failed() {
        ColumnChange.check("[{},{},{\"count\":1},{}]");
        assertThatThrownBy(() -> ColumnChange.check("[{\"error\":\"timed out\"},null]"))
                .isInstanceOfSatisfying(
                        RefusedWriteException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CHANGED));
        assertThatThrownBy(() -> ColumnChange.check(
                        "[{},{\"error\":\"constraint violation\",\"details\":\"9000 is too large\"}]"))
                .isInstanceOfSatisfying(
                        RefusedWriteException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                .hasMessageContaining("9000 is too large");
    }

    private static Object written(String table, String column, String content) {
        JsonArray operations =
                new JsonArray(change(table, column, port("p1", FREE), content).operations());
        return operations
                .getJsonObject(operations.size() - 2)
                .getJsonObject("row")
                .getValue(column);
    }

    private static RefusedWriteException refusal(String table, String column, StoredRow row, String content) {
        try {
            change(table, column, row, content);
        } catch (RefusedWriteException e) {
            return e;
        }
        throw new AssertionError("was not refused: " + content);
    }

    private static ColumnChange change(String table, String column, StoredRow row, String content) {
        return ColumnChange.of(
                new ColumnChange.Seen(table, row, Optional.of(row), column), content.getBytes(StandardCharsets.UTF_8));
    }

    private static StoredRow port(String name, String ids) {
        Map<String, String> texts =
                Map.of("name", '"' + name + '"', "tag", "5", "trunks", "[]", "external_ids", ids, "mtu_request", "[]");
        RowColumns columns = RowColumns.NONE.with(texts.keySet());
        @Nullable StoredValue[] values = new StoredValue[texts.size()];
        texts.forEach((column, text) -> values[columns.number(column).orElseThrow()] =
                new StoredValue(text.getBytes(StandardCharsets.UTF_8), Instant.EPOCH));
        return new StoredRow(1, UUID, columns, values);
    }
}
