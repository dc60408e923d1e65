// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTransactionTest {
    private static final String SELECT = "{\"op\":\"select\",\"table\":\"bridge\",\"where\":[],\"columns\":[\"name\"]}";

    private final Tables tables = new Tables("here");

    ReadTransactionTest() {
        bridge("br0", "netdev");
        bridge("br1", "netdev");
    }

    private void bridge(String name, String datapathType) {
        tables.put(Schema.BRIDGE, name, Map.of("name", Datum.of(name), "datapath_type", Datum.of(datapathType)));
    }

    private JsonArray run(String operations) {
        return run(operations, 1 << 20);
    }

    private JsonArray run(String operations, int bytesMax) {
        JsonArray params = new JsonArray("[\"OpNonNet\"" + (operations.isEmpty() ? "" : ",") + operations + "]");
        return ReadTransaction.run(tables, params, bytesMax).text().toJsonArray();
    }

    private static String error(JsonArray results, int position) {
        return results.getJsonObject(position).getString("error");
    }

    @Test
    void operations_may_stand_flat_or_in_arrays() {
        JsonArray rows = new JsonArray("[{\"rows\":[{\"name\":\"br0\"},{\"name\":\"br1\"}]}]");
        assertThat(run(SELECT)).isEqualTo(rows);
        assertThat(run("[" + SELECT + "]")).isEqualTo(rows);
        assertThat(run("[" + SELECT + "],{\"op\":\"abort\"}")).hasSize(2);
        assertThat(run("")).isEmpty();
        assertThat(run("[]")).isEmpty();
    }

    @Test
    void without_columns_every_one_is_given() {
        JsonObject row = run("{\"op\":\"select\",\"table\":\"bridge\",\"where\":[[\"name\",\"==\",\"br0\"]]}")
                .getJsonObject(0)
                .getJsonArray("rows")
                .getJsonObject(0);
        assertThat(row.fieldNames()).containsExactlyInAnyOrder("name", "datapath_type", "_uuid", "_version");
    }

    @Test
    void rows_that_look_alike_are_given_once() {
        assertThat(run("{\"op\":\"select\",\"table\":\"bridge\",\"where\":[],\"columns\":[\"datapath_type\"]}"))
                .isEqualTo(new JsonArray("[{\"rows\":[{\"datapath_type\":\"netdev\"}]}]"));
        assertThat(run("{\"op\":\"select\",\"table\":\"bridge\",\"where\":[],\"columns\":[]}"))
                .isEqualTo(new JsonArray("[{\"rows\":[{}]}]"));
    }

    @Test
    void every_condition_must_hold() {
        assertThat(run("{\"op\":\"select\",\"table\":\"bridge\",\"columns\":[\"name\"],"
                        + "\"where\":[[\"datapath_type\",\"==\",\"netdev\"],[\"name\",\"!=\",\"br0\"]]}"))
                .isEqualTo(new JsonArray("[{\"rows\":[{\"name\":\"br1\"}]}]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "update", "mutate", "delete", "wait", "commit", "comment", "assert", "frob"})
    void what_is_no_select_is_not_allowed_and_ends_the_transaction(String op) {
        JsonArray results = run(SELECT + ",{\"op\":\"" + op + "\",\"table\":\"bridge\"}," + SELECT + "," + SELECT);
        assertThat(results).hasSize(4);
        assertThat(results.getJsonObject(1))
                .isEqualTo(new JsonObject("{\"error\":\"not allowed\",\"details\":\"read-only database\"}"));
        assertThat(results.getValue(2)).isNull();
        assertThat(results.getValue(3)).isNull();
    }

    @Test
    void an_abort_is_what_it_says() {
        assertThat(error(run(SELECT + ",{\"op\":\"abort\"}"), 1)).isEqualTo("aborted");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    3                                                                    ; syntax error
                    null                                                                 ; syntax error
                    {}                                                                   ; syntax error
                    {"op":3}                                                             ; syntax error
                    {"op":"select"}                                                      ; syntax error
                    {"op":"select","table":"nope","where":[]}                            ; syntax error
                    {"op":"select","table":["bridge"],"where":[]}                        ; syntax error
                    {"op":"select","table":"bridge"}                                     ; syntax error
                    {"op":"select","table":"bridge","where":{}}                          ; syntax error
                    {"op":"select","table":"bridge","where":["name"]}                    ; syntax error
                    {"op":"select","table":"bridge","where":[],"columns":"name"}         ; syntax error
                    {"op":"select","table":"bridge","where":[],"columns":["x"]}          ; unknown column
                    {"op":"select","table":"bridge","where":[],"columns":[null]}         ; unknown column
                    {"op":"select","table":"bridge","where":[],"columns":["name","name"]}; syntax error
                    {"op":"select","table":"bridge","where":[],"colums":["name"]}        ; syntax error
                    {"op":"select","table":"bridge","where":[["name","?","x"]]}          ; unknown function
                    """)
    void what_makes_no_sense_is_an_error_in_its_place(String operation, String expected) {
        JsonArray results = run(SELECT + "," + operation + "," + SELECT);
        assertThat(results.getJsonObject(0).containsKey("rows")).isTrue();
        assertThat(error(results, 1)).isEqualTo(expected);
        assertThat(results.getValue(2)).isNull();
    }

    @Test
    void one_transaction_does_a_limited_amount_of_work() {
        assertThatThrownBy(() -> run("[" + (SELECT + ",").repeat(64) + SELECT + "]"))
                .isInstanceOf(NonNetException.class)
                .hasMessageContaining("64");
        for (int i = 0; i < 2_000; i++) {
            bridge("b" + i, "netdev");
        }
        JsonArray results = run("[" + (SELECT + ",").repeat(63) + SELECT + "]", 64 << 20);
        assertThat(error(results, 9)).isEqualTo("resources exhausted");
    }

    @Test
    void an_answer_that_is_too_long_is_an_error_in_its_place() {
        String all = "{\"op\":\"select\",\"table\":\"bridge\",\"where\":[]}";
        int one = run(all).encode().length();
        JsonArray results = run(all + "," + all + "," + all, 2 * one - 10);
        assertThat(results.getJsonObject(0).getJsonArray("rows")).hasSize(2);
        assertThat(error(results, 1)).isEqualTo("resources exhausted");
        assertThat(results.getValue(2)).isNull();
        assertThat(results).hasSize(3);
    }

    @Test
    void rows_of_which_the_same_is_shown_are_one() {
        bridge("br2", "netdev");
        assertThat(run("{\"op\":\"select\",\"table\":\"bridge\",\"where\":[],\"columns\":[\"datapath_type\"]}")
                        .getJsonObject(0)
                        .getJsonArray("rows"))
                .hasSize(1);
    }
}
