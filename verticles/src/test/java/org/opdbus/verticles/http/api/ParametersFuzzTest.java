// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Any query is read, or refused as a problem of the caller. */
final class ParametersFuzzTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @FuzzTest
    void query(byte[] bytes) {
        List<Map.Entry<String, String>> given = new ArrayList<>();
        try {
            for (String each : new String(bytes, StandardCharsets.ISO_8859_1).split("&", -1)) {
                String[] parts = URLDecoder.decode(each, StandardCharsets.UTF_8).split("=", 2);
                given.add(Map.entry(parts[0], parts.length == 1 ? "" : parts[1]));
            }
        } catch (IllegalArgumentException malformed) {
            // The server refuses these before.
            return;
        }
        try {
            Parameters parameters = Parameters.of(given, List.of("a", "n", "t"));
            assertThat(parameters.text("a").orElse("")).hasSizeLessThanOrEqualTo(256);
            assertThat(parameters.number("n", 1, 10).orElse(1)).isBetween(1L, 10L);
            Instant time = parameters.time("t", CLOCK).orElse(Instant.EPOCH);
            assertThat(time.toString()).hasSizeLessThan(40);
            assertThat(parameters.with("n", 3, "a")).startsWith("?").doesNotContain(" ", "\n");
        } catch (ProblemException refused) {
            assertThat(refused.problem().status()).isEqualTo(400);
            assertThat(refused.problem().remedy()).isNotEmpty();
        }
    }
}
