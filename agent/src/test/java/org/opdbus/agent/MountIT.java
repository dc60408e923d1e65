// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.fuse.wire.MountTable;
import org.opdbus.verticles.testing.PrivateOvs;

/** {@code op-dbus mount} shows the rows of a real database to the programs that people use. */
class MountIT {
    private static final int READERS = 200;
    private static final int PORTS = 100;

    private final PrivateOvs ovs = new PrivateOvs();
    private Path folder;
    private Process mounted;

    @BeforeEach
    void mount(@TempDir Path temporary) throws Exception {
        ovs.startDatabaseOnly();
        ovs.vsctl("add-br", "br0", "--", "add-port", "br0", "p1", "tag=5", "--", "add-port", "br0", "p2");
        folder = Files.createDirectory(temporary.resolve("files")).toRealPath();
        Path config = Files.writeString(
                temporary.resolve("op-dbus.json"), "{\"ovsdb\": {\"socket\": \"" + ovs.socket() + "\"}}");
        ProcessBuilder program = new ProcessBuilder(BuiltProgram.words(
                        "--config", config.toString(), "mount", "-o", "allow_other", folder.toString()))
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
    void sigterm_unmounts_and_is_a_success() throws Exception {
        assertThat(Files.readString(folder.resolve("by-name/ports/p1/tag"))).isEqualTo("5\n");
        mounted.destroy();
        assertThat(mounted.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(mounted.exitValue()).isZero();
    }

    @Test
    void the_programs_that_people_use_read_it() throws Exception {
        String files = run("find . -type f | wc -l");
        assertThat(Integer.parseInt(files.strip())).isGreaterThan(100);
        assertThat(run("grep -rl '\"p1\"' by-uuid/ports | wc -l")).isEqualTo("2\n");
        assertThat(run("jq -r .name by-name/ports/p1/row.json")).isEqualTo("p1\n");
        assertThat(run("readlink -e by-name/ports/p1")).contains("/by-uuid/ports/");
        assertThat(run("stat -L -c %F by-name/ports/p1")).isEqualTo("directory\n");
        assertThat(run("du -s --apparent-size . >/dev/null && ls -lR >/dev/null && echo ok"))
                .isEqualTo("ok\n");
        assertThat(run("rm -rf ../copy; cp -a . ../copy && diff -r . ../copy && echo same"))
                .isEqualTo("same\n");
        assertThat(run("rsync -an --itemize-changes ./ ../copy/")).isEmpty();
        assertThat(run("tar -cf - . | tar -tf - | wc -l")).isEqualTo(run("find . | wc -l"));
        assertThat(run("python3 -c 'import os; print(sum(len(f) for _, _, f in os.walk(\".\")))'"))
                .isEqualTo(run("find . ! -type d ! -lname \"*by-uuid*\" | wc -l"));
        assertThat(run("bash -c 'compgen -f by-name/ports/p | sort'"))
                .isEqualTo("by-name/ports/p1\nby-name/ports/p2\n");
    }

    @Test
    void a_watcher_and_a_follower_go_with_changes() throws Exception {
        Process follower = start("tail -n +1 -F by-name/ports/p1/tag");
        assertThat(follower.inputReader().readLine()).isEqualTo("5");
        run("ls -LlR by-name");
        Process watcher = start("exec inotifywait -q -m -e modify --format %f by-name/ports/p1/");
        eventually(() -> {
            ovs.vsctl("set", "Port", "p1", "external_ids:turn=" + System.nanoTime());
            assertThat(watcher.inputReader().ready()).isTrue();
        });

        ovs.vsctl("set", "Port", "p1", "tag=77");

        String line = watcher.inputReader().readLine();
        while (!"tag".equals(line)) {
            assertThat(line).isIn("external_ids", "row.json", "_version");
            line = watcher.inputReader().readLine();
        }
        assertThat(run("cat by-name/ports/p1/tag; stat -L -c %s by-name/ports/p1/tag"))
                .isEqualTo("77\n3\n");
        assertThat(follower.isAlive()).isTrue();
        follower.destroy();
        watcher.destroy();
    }

    @Test
    void many_readers_read_while_many_ports_come_and_go() throws Exception {
        List<Process> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            // What is gone is gone, and find takes a folder for a loop that was made again while it was in it; anything
            // else
            // that a reader meets is a failure.
            readers.add(start("for turn in 1 2 3; do find by-name/ports/ -follow -type f -exec cat {} + 2>&1 >/dev/null"
                    + " | grep -v -e 'No such file or directory' -e 'Stale file handle'"
                    + " -e 'File system loop detected'; done; echo done"));
        }
        for (int turn = 0; turn < 3; turn++) {
            ovs.vsctl(ports("add-port", "br0"));
            ovs.vsctl(ports("del-port", "br0"));
        }
        for (Process reader : readers) {
            assertThat(new String(reader.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("done\n");
            assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        eventually(() -> assertThat(run("ls by-name/ports")).isEqualTo("br0\np1\np2\n"));
    }

    private static String[] ports(String... command) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < PORTS; i++) {
            words.add("--");
            words.addAll(List.of(command));
            words.add("many" + i);
        }
        return words.toArray(String[]::new);
    }

    private String run(String script) throws Exception {
        Process shell = start(script);
        String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private Process start(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
