// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import org.opdbus.verticles.driver.CommandResult;

/** Any bytes in a guest's files of netclient, or in what its programs print, are read or say nothing. */
final class GuestFilesFuzzTest {
    @FuzzTest
    void netclient(byte[] bytes) {
        GuestNetclient read =
                GuestNetclient.parse(Map.of("netclient.json", bytes, "servers.json", bytes, "nodes.json", bytes));
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

    @FuzzTest
    void handshakes(byte[] bytes) {
        assertThat(GuestCommands.handshakes(new String(bytes, StandardCharsets.UTF_8)))
                .allSatisfy((key, seconds) -> {
                    assertThat(key).matches("\\S{1,64}");
                    assertThat(seconds).isNotNegative();
                });
    }

    @FuzzTest
    void daemon(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        GuestDaemon daemon = GuestDaemon.of(new TreeSet<>(text.lines().toList()));
        assertThat(daemon.wrong()).isNotNull();
    }
}
