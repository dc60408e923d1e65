// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

/** Whatever a guest writes into netclient's files, or its netclient says: it is read, or says nothing. */
final class GuestFilesFuzzTest {
    private static Path root = Path.of("");

    @BeforeAll
    static void make() throws IOException {
        root = Files.createTempDirectory(Path.of("/dev/shm"), "guest");
        Files.createDirectories(root.resolve("etc/netclient"));
    }

    @AfterAll
    static void remove() throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @FuzzTest
    void netclient(byte[] bytes) throws IOException, NetmakerException {
        for (String name : new String[] {"netclient.json", "servers.json", "nodes.json"}) {
            Files.write(root.resolve("etc/netclient").resolve(name), bytes);
        }
        GuestNetclient read = GuestNetclient.read(root);
        assertThat(read.nodes()).allSatisfy(node -> assertThat(node.address()).matches("[0-9A-Fa-f.:]{2,45}/[0-9]+"));
        assertThat(read.serverAt("api.example.com")).isNotNull();
    }

    @FuzzTest
    void output(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (int exit : new int[] {0, 1}) {
            assertThat(JoinOutput.classify(new CommandResult(exit, text, "", false, false)))
                    .isNotNull();
            assertThat(JoinOutput.classify(new CommandResult(exit, "", text, false, false)))
                    .isNotNull();
        }
    }
}
