// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.RandomAccessFile;
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

/** What readers see when the process that mounted the files is stopped (SIGSTOP) and goes on. */
class StoppedMountIT {
    private static final int READERS = 200;
    private static final int FILES_OF_A_READER = 300;
    /** Each thread of the server may have taken a request that the kernel then waits for, whatever happens to the reader. */
    private static final int THREADS_OF_SERVER = 4;

    private static final String FILE = "by-name/ports/p1/row.json";

    private final PrivateOvs ovs = new PrivateOvs();
    private Path folder;
    private Path errors;
    private Process mounted;

    @BeforeEach
    void mount(@TempDir Path temporary) throws Exception {
        ovs.startDatabaseOnly();
        ovs.vsctl("add-br", "br0", "--", "add-port", "br0", "p1", "tag=5");
        folder = Files.createDirectory(temporary.resolve("files")).toRealPath();
        errors = Files.createFile(temporary.resolve("errors"));
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
        signal("CONT", mounted);
        mounted.destroy();
        assertThat(mounted.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(mounted.exitValue()).isZero();
        assertThat(MountTable.at(folder)).isEmpty();
        ovs.close();
    }

    @Test
    void readers_can_be_killed_while_it_is_stopped_and_go_on_with_it(@TempDir Path temporary) throws Exception {
        // While the kernel asks for a name that it does not know yet, others who want the same name cannot be killed.
        assertThat(folder.resolve(FILE)).content().contains("\"p1\"");
        List<Process> readers = underWay(temporary.resolve("begin"));
        signal("STOP", mounted);
        List<Process> killed = readers.subList(0, READERS / 2);
        List<Process> waiting = readers.subList(READERS / 2, READERS);

        killed.forEach(Process::destroyForcibly);

        eventually(() ->
                assertThat(killed.stream().filter(Process::isAlive).count()).isLessThanOrEqualTo(THREADS_OF_SERVER));
        assertThat(waiting).as("they wait").allMatch(Process::isAlive);
        signal("CONT", mounted);
        for (Process reader : killed) {
            assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        for (Process reader : waiting) {
            assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(reader.exitValue()).isZero();
        }
        assertThat(errors).isEmptyFile();
        assertThat(folder.resolve("by-name/ports/p1/tag")).hasContent("5");
    }

    @Test
    void the_folder_can_be_freed_while_it_is_stopped() throws Exception {
        signal("STOP", mounted);
        Process reader = read(Path.of("/"), List.of(folder.resolve(FILE).toString()));

        sh("umount", "-l", folder.toString());

        assertThat(MountTable.at(folder)).isEmpty();
        assertThat(folder).isEmptyDirectory();
        signal("CONT", mounted);
        assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(mounted.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    /** Starts readers that begin all at once. */
    private List<Process> underWay(Path begin) throws Exception {
        sh("mkfifo", begin.toString());
        List<String> files = new ArrayList<>(List.of(begin.toString()));
        for (int i = 0; i < FILES_OF_A_READER; i++) {
            files.add(FILE);
        }
        List<Process> readers = new ArrayList<>();
        // Opened for both directions, a FIFO does not wait for its other end; fifo(7).
        RandomAccessFile barrier = new RandomAccessFile(begin.toFile(), "rw");
        for (int i = 0; i < READERS; i++) {
            readers.add(read(folder, files));
        }
        for (Process reader : readers) {
            eventually(() -> assertThat(Files.readSymbolicLink(Path.of("/proc/" + reader.pid() + "/fd/3")))
                    .isEqualTo(begin.toRealPath()));
        }
        barrier.close();
        return readers;
    }

    private Process read(Path in, List<String> files) throws IOException {
        List<String> words = new ArrayList<>(List.of("cat"));
        words.addAll(files);
        return new ProcessBuilder(words)
                .directory(in.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
    }

    private static void signal(String name, Process process) {
        if (process.isAlive()) {
            sh("kill", "-" + name, Long.toString(process.pid()));
        }
    }
}
