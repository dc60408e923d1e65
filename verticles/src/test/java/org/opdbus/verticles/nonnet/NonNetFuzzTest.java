// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Any parameters of a client's transaction or monitor are answered, or refused as the database refuses. */
final class NonNetFuzzTest {
    private static final int BYTES_MAX = 65_536;
    private static final Tables TABLES = tables();

    private static Tables tables() {
        Tables tables = new Tables("here");
        tables.put(
                Schema.PORT,
                "key",
                Map.of(
                        "name", Datum.of("vi100"),
                        "bridge", Datum.of("vmbr0"),
                        "tag", Datum.ofNumber(Optional.of(5)),
                        "trunks", Datum.ofNumbers(Set.of(7, 9)),
                        "vlan_mode", Datum.of(Optional.of("access")),
                        "external_ids", Datum.of(Map.of("a", "1")),
                        "ofport", Datum.ofNumber(Optional.empty()),
                        "error", Datum.of(Optional.empty()),
                        "type", Datum.of("")));
        return tables;
    }

    @FuzzTest
    void transact(byte[] bytes) {
        params(bytes).ifPresent(params -> {
            try {
                assertThat(ReadTransaction.run(TABLES, params, BYTES_MAX)).isNotNull();
            } catch (NonNetException refused) {
                assertThat(refused.toJson()).isNotNull();
            }
        });
    }

    @FuzzTest
    void monitor(byte[] bytes) {
        params(bytes).filter(params -> !params.isEmpty()).ifPresent(params -> {
            try {
                assertThat(new Monitor(UpdateFormat.UPDATE, null, params.getValue(0)).initial(TABLES, BYTES_MAX))
                        .isNotNull();
            } catch (NonNetException refused) {
                assertThat(refused.toJson()).isNotNull();
            }
        });
    }

    /** The connection's reader, which has a fuzz test of its own, passes on whole JSON only. */
    private static Optional<JsonArray> params(byte[] bytes) {
        try {
            return Optional.of(new JsonArray(new String(bytes, StandardCharsets.UTF_8)));
        } catch (DecodeException noJson) {
            return Optional.empty();
        }
    }
}
