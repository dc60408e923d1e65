// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.ClusterFolder;

/** Any request of a stranger to the join server gets an answer, and no host is admitted without a token. */
final class DoorFuzzTest {
    private static @Nullable Path folder;
    private static @Nullable JoinServer door;
    private static int asked;

    @BeforeAll
    static void open() throws IOException {
        Path made = Files.createTempDirectory("door");
        folder = made;
        ClusterFolder files = new ClusterFolder(made.resolve("ca"));
        Authority authority = new Authority(files.dir(), Libraries.load().certificates());
        ListenAddress address = new ListenAddress("127.0.0.1", 0);
        String unused = authority.found("ca", address, address);
        door = JoinServer.open(
                        address,
                        files.requireIdentity(),
                        () -> files.requireTrustBundle().content().trust(),
                        authority,
                        new Refusals(System::nanoTime))
                .orElseThrow();
    }

    @AfterAll
    static void close() throws IOException {
        if (door != null) {
            door.close();
        }
        if (folder != null) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @FuzzTest
    void question(byte[] bytes) {
        JoinServer open = door;
        if (open == null) {
            throw new IllegalStateException("the door is not open");
        }
        // As on the wire: a byte is a character. Each caller has an address of its own, because one
        // address would exceed its limit.
        String line = new String(bytes, StandardCharsets.ISO_8859_1);
        asked++;
        String address = "10." + (asked >> 16 & 0xff) + "." + (asked >> 8 & 0xff) + "." + (asked & 0xff);
        JsonObject answer = open.answer(line, address, Optional.empty());
        assertThat(answer.getString("refused")).isNotBlank();
    }
}
