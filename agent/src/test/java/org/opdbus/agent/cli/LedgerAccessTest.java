// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands run by a user whom file modes restrict, with or without root's privilege. */
class LedgerAccessTest {
    @TempDir
    Path folder;

    private WrittenLedger ledger;

    @BeforeEach
    void write() throws IOException {
        ledger = WrittenLedger.of(folder.resolve("ledger"), 30);
    }

    @AfterEach
    void giveBack() throws IOException {
        mode(ledger.dir, "rwx------");
    }

    private static void mode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** Exit status, standard output and standard error in one. */
    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (Files.getAttribute(folder, "unix:uid").equals(0)) {
            // man 7 capabilities: without these even root needs the permissions of the modes.
            command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.opdbus.agent.Main",
                "ledger"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--dir", ledger.dir.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.waitFor() + " " + said;
    }

    @Test
    void a_user_who_can_read_can_verify() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(ledger.dir)) {
            for (Path file : files.toList()) {
                mode(file, "r--r--r--");
            }
        }
        mode(ledger.dir, "r-xr-xr-x");
        assertThat(run("verify", "--key", ledger.key().toString()))
                .isEqualTo("0 intact: " + ledger.dir
                        + ": 30 entries; entries 1 to 30 are signed by host1/op-dbus/ledger (checked)\n");
        assertThat(run("tail", "-n", "1", "--json")).startsWith("0 {");
        assertThat(run("prove", "7")).startsWith("0 c2sp.org/tlog-proof@v1\n");
    }

    @Test
    void a_user_who_cannot_read_gets_an_error_of_one_line() throws IOException, InterruptedException {
        Path segment = ledger.segments().get(0);
        mode(segment, "---------");
        refused(segment.toString());
        mode(ledger.dir, "---------");
        refused(ledger.dir.toString());
    }

    private void refused(String what) throws IOException, InterruptedException {
        for (String command : List.of("verify", "export", "tail -n 100")) {
            assertThat(run(command.split(" ", -1)))
                    .as(command)
                    .startsWith("2 op-dbus: ")
                    .contains(what)
                    .contains(": permission denied; run as a user who has access")
                    .hasLineCount(1);
        }
    }
}
