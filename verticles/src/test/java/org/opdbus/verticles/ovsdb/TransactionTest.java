// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;

class TransactionTest {
    private final Transaction attach = new Transaction();

    @BeforeEach
    void write() {
        PortChanges.attach(new PortRequest(
                        "vi100",
                        "br0",
                        Map.of("op-dbus:owner", "h"),
                        Map.of("vm-id", "100"),
                        Optional.of(42),
                        Set.of()))
                .writeTo(attach);
    }

    @Test
    void every_operation_and_the_one_past_the_last_is_looked_at() {
        int operations = attach.params().size() - 1;
        for (int i = 1; i <= operations; i++) {
            JsonArray results = results(i).add(error("domain error"));
            assertThat(reasonOf(results)).as("operation %s", i).isEqualTo(Reason.REFUSED);
        }
        assertThat(reasonOf(results(0).add(error("timed out")))).isEqualTo(Reason.NO_BRIDGE);
        assertThat(reasonOf(results(operations - 1))).isEqualTo(Reason.UNKNOWN);
        attach.check(results(operations));
    }

    @Test
    void an_index_that_is_violated_means_that_the_name_is_taken() {
        JsonArray results = results(attach.params().size() - 1)
                .add(new JsonObject()
                        .put("error", "constraint violation")
                        .put("details", "... have identical values (vi100) for index on column \"name\""));
        assertThat(reasonOf(results)).isEqualTo(Reason.NAME_TAKEN);
    }

    @Test
    void no_name_of_an_inserted_row_has_a_hyphen() {
        assertThat(attach.params().stream()
                        .filter(JsonObject.class::isInstance)
                        .map(operation -> ((JsonObject) operation).getString("uuid-name", "row")))
                .allMatch(name -> name.matches("[a-z][a-z0-9_]*"));
    }

    @Test
    void a_set_of_one_may_stand_bare() {
        assertThat(OvsdbValue.atoms(JsonArray.of("uuid", "u"))).containsExactly("u");
        assertThat(OvsdbValue.atoms(5)).containsExactly(5L);
        assertThat(OvsdbValue.atoms(new JsonArray("[\"set\",[[\"uuid\",\"u\"],[\"uuid\",\"v\"]]]")))
                .containsExactly("u", "v");
        assertThat(OvsdbValue.atoms(new JsonArray("[\"set\",[]]"))).isEmpty();
        assertThat(OvsdbValue.stringMap(OvsdbValue.map(Map.of("a", "b")))).isEqualTo(Map.of("a", "b"));
        assertThatThrownBy(() -> OvsdbValue.stringMap("x")).isInstanceOf(IllegalArgumentException.class);
    }

    private Reason reasonOf(JsonArray results) {
        try {
            attach.check(results);
        } catch (OvsdbException e) {
            return e.reason();
        }
        throw new AssertionError("taken for a success: " + results);
    }

    private static JsonArray results(int successes) {
        return new JsonArray(new ArrayList<>(Collections.nCopies(successes, new JsonObject())));
    }

    private static JsonObject error(String error) {
        return new JsonObject().put("error", error);
    }

    @Test
    void a_port_is_owned_by_something() {
        assertThatThrownBy(() -> new PortOwnership("u", "n", Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(List.of(new PortOwnership("u", "n", Map.of("a", "b")).ids())).hasSize(1);
    }
}
