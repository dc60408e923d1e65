// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.wire.FuseMount;
import org.opdbus.verticles.fuse.wire.MountTable;
import org.opdbus.verticles.testing.JavaProgram;
import org.opdbus.verticles.testing.Laboratory;

/** A mount leaves nothing behind, however its server ends, and keeps away from what is not its own. */
final class KeptMountIT {
    private static final long LIMIT_S = 60;

    private final List<Process> started = new ArrayList<>();
    private Path folder;

    @BeforeEach
    void makeFolder(@TempDir Path temporary) throws IOException {
        Laboratory.require();
        folder = Files.createDirectory(temporary.resolve("host files")).toRealPath();
    }

    @AfterEach
    void end() throws Exception {
        started.forEach(Process::destroyForcibly);
        eventually(() -> {
            if (MountTable.at(folder).isPresent()) {
                run("umount", "-l", folder.toString());
            }
            assertThat(MountTable.at(folder)).isEmpty();
        });
    }

    /** Keeps a tree of one file mounted. */
    static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws Exception {
            SyntheticTree tree = new SyntheticTree();
            long folder = tree.folder(FileTree.ROOT, "folder");
            tree.file(folder, "file", "content\n");
            KeptMount mount =
                    new KeptMount(tree, new MountOptions(Path.of(arguments[0]), MountOptions.EVERYONE, false));
            mount.startMounted();
            System.out.println(JavaProgram.READY);
            mount.ended().get();
        }
    }

    @Test
    void a_killed_server_leaves_no_mount_and_its_readers_end() throws Exception {
        Process server = serve();
        List<Process> readers = readers(20);

        server.destroyForcibly();

        for (Process reader : readers) {
            assertThat(reader.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        }
        eventually(() -> assertThat(MountTable.at(folder)).isEmpty());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void readers_of_a_stopped_server_wait_where_a_signal_reaches_them() throws Exception {
        Process server = serve();
        stop(server);
        List<Process> readers = readers(20);
        eventually(() -> assertThat(states(readers)).containsOnly('S'));

        Process first = readers.remove(0);
        first.destroy();
        assertThat(first.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        assertThat(states(readers)).containsOnly('S');

        run("kill", "-CONT", Long.toString(server.pid()));
        for (Process reader : readers) {
            assertThat(reader.inputReader().readLine()).isEqualTo("content");
        }
    }

    @Test
    void a_connection_that_the_kernel_ends_is_made_anew() throws Exception {
        serve();
        MountTable.Mount before = MountTable.at(folder).orElseThrow();
        Path connections = Path.of("/sys/fs/fuse/connections");
        run("mount", "-t", "fusectl", "none", connections.toString());
        String number = before.device().substring(2);
        Files.writeString(connections.resolve(number).resolve("abort"), "1");

        eventually(() -> {
            assertThat(MountTable.at(folder)).isPresent();
            assertThat(folder.resolve("folder/file")).hasContent("content\n");
        });
        run("umount", connections.toString());
    }

    @Test
    void a_server_that_was_unmounted_by_hand_ends() throws Exception {
        Process server = serve();
        run("umount", folder.toString());
        assertThat(server.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isZero();
        assertThat(server.children()).isEmpty();
    }

    @Test
    void a_second_mount_is_refused_and_the_first_goes_on() throws Exception {
        serve();
        assertThatThrownBy(this::mountHere)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mounted there already")
                .hasMessageContaining("umount " + folder);
        assertThat(folder.resolve("folder/file")).hasContent("content\n");
    }

    @Test
    void what_a_killed_server_without_a_guard_has_left_is_removed_first() throws Exception {
        Process server = serve();
        server.children().forEach(ProcessHandle::destroyForcibly);
        server.destroyForcibly();
        assertThat(server.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        eventually(() -> assertThat(run("stat", "-f", folder.toString())).contains("not connected"));

        serve();

        assertThat(folder.resolve("folder/file")).hasContent("content\n");
        run("umount", folder.toString());
        assertThat(MountTable.at(folder)).isEmpty();
    }

    @Test
    void a_mount_of_another_hand_on_top_is_left_alone() throws Exception {
        Process server = serve();
        ProcessHandle guard = server.children().findFirst().orElseThrow();
        run("mount", "-t", "tmpfs", "none", folder.toString());

        server.destroyForcibly();

        guard.onExit().get(LIMIT_S, TimeUnit.SECONDS);
        assertThat(MountTable.at(folder).orElseThrow().type()).isEqualTo("tmpfs");
        run("umount", folder.toString());
        assertThat(MountTable.at(folder).orElseThrow().type()).isEqualTo(FuseMount.TYPE);
    }

    @Test
    void what_cannot_be_mounted_on_is_told_with_a_remedy() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(this::mountHere).isInstanceOf(IOException.class).hasMessageContaining("not empty");
        assertThatThrownBy(() -> mount(file)).isInstanceOf(IOException.class).hasMessageContaining("not a folder");
        assertThatThrownBy(() -> mount(folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mkdir -p");
        Files.delete(file);
    }

    private void mountHere() throws IOException {
        mount(folder);
    }

    private static void mount(Path path) throws IOException {
        new KeptMount(new SyntheticTree(), new MountOptions(path, MountOptions.EVERYONE, false)).startMounted();
    }

    private Process serve() {
        Process server = JavaProgram.start(JavaProgram.command(Server.class, folder.toString()));
        started.add(server);
        return server;
    }

    /**
     * Stops a process, and returns when each of its threads has stopped. A thread that has yet to notice takes a request that
     * comes meanwhile with it into its stop, and the reader of that one cannot be ended.
     */
    private static void stop(Process process) throws Exception {
        run("kill", "-STOP", Long.toString(process.pid()));
        eventually(() -> {
            try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
                assertThat(threads.map(thread -> state(thread.resolve("stat")))).containsOnly('T');
            }
        });
    }

    private List<Process> readers(int count) throws IOException {
        List<Process> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Process reader = new ProcessBuilder(
                            "sh", "-c", "while read -r line <'" + folder + "/folder/file'; do echo \"$line\"; done")
                    .redirectErrorStream(true)
                    .start();
            readers.add(reader);
            started.add(reader);
        }
        return readers;
    }

    /** Of proc(5): D is a sleep that no signal ends. */
    private static List<Character> states(List<Process> processes) throws IOException {
        List<Character> states = new ArrayList<>();
        for (Process process : processes) {
            states.add(state(Path.of("/proc", Long.toString(process.pid()), "stat")));
        }
        return states;
    }

    private static char state(Path stat) {
        try {
            String fields = Files.readString(stat);
            return fields.charAt(fields.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
