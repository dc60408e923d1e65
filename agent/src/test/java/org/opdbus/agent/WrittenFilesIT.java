// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.fuse.wire.MountTable;
import org.opdbus.verticles.testing.PrivateOvs;

/** {@code op-dbus mount --writable} changes a real database for a shell, which gets the error numbers. */
class WrittenFilesIT {
    private final PrivateOvs ovs = new PrivateOvs();
    private Path folder;
    private Path ledger;
    private Process mounted;

    @BeforeEach
    void mount(@TempDir Path temporary) throws Exception {
        ovs.startDatabaseOnly();
        ovs.vsctl("add-br", "br0", "--", "add-port", "br0", "p1", "tag=5", "--", "add-port", "br0", "veth101i0");
        folder = Files.createDirectory(temporary.resolve("files")).toRealPath();
        ledger = temporary.resolve("ledger");
        Path config = Files.writeString(
                temporary.resolve("op-dbus.json"),
                "{\"ovsdb\": {\"socket\": \"" + ovs.socket() + "\"}, \"ledger\": {\"dir\": \"" + ledger
                        + "\"}, \"runtime\": {\"dir\": \"" + temporary.resolve("run") + "\"}}");
        ProcessBuilder program = new ProcessBuilder(
                        BuiltProgram.words("--config", config.toString(), "mount", "--writable", folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        program.environment().putAll(BuiltProgram.environment());
        mounted = program.start();
        assertThat(mounted.inputReader().readLine()).isEqualTo("mounted on " + folder);
    }

    @AfterEach
    void end() throws Exception {
        mounted.destroy();
        assertThat(mounted.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(MountTable.at(folder)).isEmpty();
        ovs.close();
    }

    @Test
    void a_shell_writes_columns_and_the_desired_state_and_sees_why_it_may_not() throws Exception {
        assertThat(run("echo 100 > by-name/ports/p1/tag && cat by-name/ports/p1/tag .error"))
                .isEqualTo("100\n");
        assertThat(ovs.vsctl("get", "Port", "p1", "tag")).isEqualTo("100");
        assertThat(run("echo 5000 > by-name/ports/p1/tag; cat .error"))
                .contains("Invalid argument", "/tag: ", "5000 is not in the valid range");
        assertThat(run("echo 7 > by-name/ports/veth101i0/tag; cat .error"))
                .contains("Operation not permitted", "pct set");
        assertThat(run("echo 7 > by-name/ports/p1/name")).contains("Permission denied");
        assertThat(run("jq -c '.note = \"x\"' by-name/ports/p1/external_ids > ../ids"
                        + " && cp ../ids by-name/ports/p1/external_ids && cat by-name/ports/p1/external_ids"))
                .isEqualTo("{\"note\":\"x\"}\n");

        Process guarded = start("exec 5<>by-name/ports/p1/tag; echo open; read line; echo 8 >&5");
        assertThat(guarded.inputReader().readLine()).isEqualTo("open");
        ovs.vsctl("set", "Port", "p1", "tag=7");
        guarded.outputWriter().append('\n').close();
        assertThat(guarded.inputReader().readLine()).contains("Resource temporarily unavailable");
        assertThat(ovs.vsctl("get", "Port", "p1", "tag")).isEqualTo("7");

        assertThat(run("echo '{' > desired.json; cat .error")).startsWith("desired.json: line 2");
        assertThat(
                        run(
                                "echo '{\"version\":1,\"plugins\":{}}' > ../state && cp ../state desired.json && cat .error .result"))
                .contains("\"failed\":[]");
        List<Entry> entries = new ArrayList<>();
        LedgerReader.of(ledger).from(1, entries::add);
        assertThat(entries)
                .extracting(entry ->
                        entry.data().get("operation") + " by " + entry.data().get("process"))
                .contains("write Port.tag by bash", "write Port.external_ids by cp", "write desired.json by cp");
    }

    private String run(String script) throws Exception {
        Process shell = start(script);
        shell.getOutputStream().close();
        String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private Process start(String script) throws Exception {
        return new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
