// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

class ConditionTest {
    private final Tables tables = new Tables("here");
    private final TableRow lxc = row(
            Schema.LXC,
            Map.of(
                    "id", Datum.of("100"),
                    "veth", Datum.of("vi100"),
                    "bridge", Datum.of("vmbr0"),
                    "running", Datum.of(true),
                    "properties", Datum.of(Map.of("a", "1", "b", "2")),
                    "state", Datum.of("enrolled"),
                    "since", Datum.of("2026-01-01T00:00:00Z"),
                    "host", Datum.of("here"),
                    "error", Datum.of(Optional.empty())));
    private final TableRow port = row(
            Schema.PORT,
            Map.of(
                    "name", Datum.of("vi100"),
                    "bridge", Datum.of("vmbr0"),
                    "tag", Datum.ofNumber(Optional.of(5)),
                    "trunks", Datum.ofNumbers(Set.of(7, 9)),
                    "vlan_mode", Datum.of(Optional.of("access")),
                    "external_ids", Datum.of(Map.of()),
                    "ofport", Datum.ofNumber(Optional.empty()),
                    "error", Datum.of(Optional.empty()),
                    "type", Datum.of("")));
    private final TableRow link = row(
            Schema.LINK,
            Map.of(
                    "index", Datum.of(7),
                    "name", Datum.of("vi100"),
                    "alt_names", Datum.of(List.of("x", "y")),
                    "kind", Datum.of("veth"),
                    "mac", Datum.of(Optional.empty()),
                    "peer_index", Datum.ofNumber(Optional.of(2)),
                    "peer_namespace", Datum.ofNumber(Optional.of(0)),
                    "master", Datum.ofNumber(Optional.empty()),
                    "up", Datum.of(true),
                    "carrier", Datum.of(false)));

    private TableRow row(TableSchema table, Map<String, Datum> values) {
        tables.put(table, "key", values);
        return tables.row(table, "key").orElseThrow();
    }

    private static boolean holds(TableSchema table, TableRow row, String condition) {
        return Condition.parse(table, new JsonArray(condition)).test(row);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    ["id", "==", "100"]           ; true
                    ["id", "==", "101"]           ; false
                    ["id", "==", ["set",["100"]]] ; true
                    ["id", "!=", "101"]           ; true
                    ["id", "!=", "100"]           ; false
                    ["id", "includes", "100"]     ; true
                    ["id", "includes", "10"]      ; false
                    ["id", "excludes", "10"]      ; true
                    ["id", "excludes", "100"]     ; false
                    ["running", "==", true]       ; true
                    ["running", "!=", true]       ; false
                    ["running", "includes", true] ; true
                    ["running", "excludes", true] ; false
                    ["error", "==", ["set",[]]]   ; true
                    ["error", "!=", ["set",[]]]   ; false
                    ["error", "==", "x"]          ; false
                    ["error", "includes", ["set",[]]] ; true
                    ["error", "excludes", "x"]    ; true
                    ["properties", "==", ["map",[["b","2"],["a","1"]]]] ; true
                    ["properties", "==", ["map",[["a","1"]]]]           ; false
                    ["properties", "!=", ["map",[]]]                    ; true
                    ["properties", "includes", ["map",[["a","1"]]]]     ; true
                    ["properties", "includes", ["map",[["a","2"]]]]     ; false
                    ["properties", "includes", ["map",[]]]              ; true
                    ["properties", "excludes", ["map",[["a","2"],["c","1"]]]] ; true
                    ["properties", "excludes", ["map",[["a","2"],["b","2"]]]] ; false
                    """)
    void strings_booleans_and_maps_are_compared(String condition, boolean expected) {
        assertThat(holds(Schema.LXC, lxc, condition)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    ["index", "==", 7]    ; true
                    ["index", "==", 7.0]  ; true
                    ["index", "!=", 7]    ; false
                    ["index", "<", 7]     ; false
                    ["index", "<", 8]     ; true
                    ["index", "<=", 7]    ; true
                    ["index", "<=", 6]    ; false
                    ["index", ">", 6]     ; true
                    ["index", ">", 7]     ; false
                    ["index", ">=", 7]    ; true
                    ["index", ">=", 8]    ; false
                    ["index", "includes", 7] ; true
                    ["index", "excludes", 7] ; false
                    ["index", "<", 9223372036854775807]  ; true
                    ["peer_index", "<", 3]  ; true
                    ["peer_index", ">=", 3] ; false
                    ["master", "<", 3]      ; false
                    ["master", ">=", 3]     ; false
                    ["master", "==", ["set",[]]] ; true
                    ["alt_names", "==", ["set",["y","x"]]]       ; true
                    ["alt_names", "==", "x"]                     ; false
                    ["alt_names", "!=", "x"]                     ; true
                    ["alt_names", "includes", "x"]               ; true
                    ["alt_names", "includes", ["set",["x","z"]]] ; false
                    ["alt_names", "excludes", ["set",["a","z"]]] ; true
                    ["alt_names", "excludes", ["set",["x","z"]]] ; false
                    """)
    void numbers_and_sets_are_compared(String condition, boolean expected) {
        assertThat(holds(Schema.LINK, link, condition)).isEqualTo(expected);
    }

    @Test
    void a_set_of_numbers_is_compared_as_a_set_only() {
        assertThat(holds(Schema.PORT, port, "[\"trunks\",\"includes\",[\"set\",[9,7]]]"))
                .isTrue();
        assertThat(holds(Schema.PORT, port, "[\"tag\",\">\",4]")).isTrue();
        assertRefused(Schema.PORT, "[\"trunks\",\">\",4]", Reason.SYNTAX);
    }

    @Test
    void a_row_is_found_by_its_identifier() {
        String uuid = "[\"_uuid\",\"==\",[\"uuid\",\"" + lxc.uuid() + "\"]]";
        assertThat(holds(Schema.LXC, lxc, uuid)).isTrue();
        assertThat(holds(Schema.LINK, link, uuid)).isFalse();
    }

    @Test
    void true_and_false_are_conditions_too() {
        assertThat(Condition.parse(Schema.LXC, true).test(lxc)).isTrue();
        assertThat(Condition.parse(Schema.LXC, false).test(lxc)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    ["nope", "==", 1]                 ; UNKNOWN_COLUMN
                    ["id", "~", "1"]                  ; UNKNOWN_FUNCTION
                    ["id", 3, "1"]                    ; UNKNOWN_FUNCTION
                    ["id", "<", "1"]                  ; SYNTAX
                    ["running", ">=", true]           ; SYNTAX
                    ["id", "==", 1]                   ; SYNTAX
                    ["id", "==", null]                ; SYNTAX
                    ["id", "==", ["set",[]]]          ; SYNTAX
                    ["id", "==", ["set",["a","b"]]]   ; SYNTAX
                    ["id", "==", ["map",[]]]          ; SYNTAX
                    ["running", "==", "true"]         ; SYNTAX
                    ["error", "==", ["set",["a","b"]]]       ; SYNTAX
                    ["properties", "==", "a"]                ; SYNTAX
                    ["properties", "==", {}]                 ; SYNTAX
                    ["properties", "==", ["map",[["a"]]]]    ; SYNTAX
                    ["properties", "==", ["map",[["a","1"],["a","2"]]]] ; SYNTAX
                    ["_uuid", "==", "x"]              ; SYNTAX
                    ["_uuid", "==", ["uuid","x"]]     ; SYNTAX
                    ["id", "=="]                      ; SYNTAX
                    ["id", "==", "1", "2"]            ; SYNTAX
                    [3, "==", "1"]                    ; SYNTAX
                    """)
    void what_makes_no_sense_is_refused(String condition, Reason reason) {
        assertRefused(Schema.LXC, condition, reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            ["index", "==", 1.5]
            ["index", "==", 1e300]
            ["index", "==", 9223372036854775808]
            ["index", "<", ["set",[]]]
            ["peer_index", "<", ["set",[]]]
            ["alt_names", "==", ["set",["x","x"]]]
            """)
    void numbers_and_sets_out_of_bounds_are_refused(String condition) {
        assertRefused(Schema.LINK, condition, Reason.SYNTAX);
    }

    @Test
    void too_many_conditions_are_refused() {
        JsonArray where = new JsonArray();
        for (int i = 0; i < 65; i++) {
            where.add(true);
        }
        assertThatThrownBy(() -> Condition.parseAll(Schema.LXC, where))
                .isInstanceOfSatisfying(
                        NonNetException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EXHAUSTED));
    }

    private static void assertRefused(TableSchema table, String condition, Reason reason) {
        assertThatThrownBy(() -> Condition.parse(table, new JsonArray(condition)))
                .isInstanceOfSatisfying(
                        NonNetException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
