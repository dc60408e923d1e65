// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parameter of most tests: whether paths are walked one name at a time, as on a kernel without openat2(2). */
@Timeout(120)
class GuestRootIT {
    private static final int LIMIT = 1_000;

    @TempDir
    Path folder;

    private Path rootfs = Path.of("/");
    private Path etc = Path.of("/");
    private Path host = Path.of("/");

    @BeforeEach
    void make() throws IOException {
        rootfs = Files.createDirectory(folder.resolve("rootfs"));
        etc = Files.createDirectories(rootfs.resolve("etc/netclient"));
        host = Files.createDirectory(folder.resolve("host"));
        Files.writeString(host.resolve("nodes.json"), "the host's");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void regular_files_are_read_and_missing_ones_are_empty(boolean oneByOne) throws IOException {
        Files.writeString(etc.resolve("nodes.json"), "the guest's");
        Files.writeString(etc.resolve("empty"), "");

        assertThat(read(oneByOne, "etc/netclient/nodes.json")).contains("the guest's");
        assertThat(read(oneByOne, "etc/netclient/empty")).contains("");
        assertThat(read(oneByOne, "etc/netclient/none")).isEmpty();
        assertThat(read(oneByOne, "none/none")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatever_is_no_regular_file_of_the_guest_is_refused_and_never_opened(boolean oneByOne) throws Exception {
        run("mkfifo", etc.resolve("fifo").toString());
        run("mknod", etc.resolve("zero").toString(), "c", "1", "5");
        Files.createDirectory(etc.resolve("folder"));
        Files.createSymbolicLink(etc.resolve("link"), host.resolve("nodes.json"));
        Files.createSymbolicLink(rootfs.resolve("way"), host);
        Files.createSymbolicLink(rootfs.resolve("up"), Path.of(".."));
        Files.write(etc.resolve("long"), new byte[LIMIT + 1]);
        Map<String, String> refusals = Map.of(
                "etc/netclient/fifo", "is not a regular file",
                "etc/netclient/zero", "is not a regular file",
                "etc/netclient/folder", "is not a regular file",
                "etc/netclient/link", "is not a regular file",
                "way/nodes.json", "",
                "up/host/nodes.json", "",
                "etc/netclient/long", "has 1001 bytes; more than 1000 are not read");
        try (Inotify inotify = new Inotify()) {
            inotify.watch(etc.toString(), Inotify.OPEN);

            refusals.forEach((path, reason) -> assertThatThrownBy(() -> read(oneByOne, path))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(path)
                    .hasMessageContaining(reason));

            assertThat(inotify.read()).extracting(Inotify.Happening::name).containsOnly("long");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../host/nodes.json", "etc/../../host/nodes.json", "", "etc//x", "etc/"})
    void a_path_that_could_lead_elsewhere_is_a_defect(String path) {
        assertThatThrownBy(() -> read(false, path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_lease_of_another_process_makes_the_read_fail_at_once() throws Exception {
        Path file = Files.writeString(etc.resolve("nodes.json"), "the guest's");
        // fcntl(2): F_SETLEASE is 1024, F_WRLCK is 1.
        Process holder = new ProcessBuilder("perl", "-e", """
                $SIG{IO} = 'IGNORE'; $| = 1;
                open(F, '+<', $ARGV[0]) && fcntl(F, 1024, 1) or die;
                print "held\\n"; <STDIN>;
                """, file.toString()).start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            assertThatThrownBy(() -> read(false, "etc/netclient/nodes.json")).hasMessageContaining("a lease");
        } finally {
            holder.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothing_of_the_host_is_read_or_written_while_the_guest_swaps_what_is_there(boolean oneByOne) throws Exception {
        Path swapped = etc.resolve("nodes.json");
        Files.writeString(etc.resolve("mine"), "the guest's");
        run("mkfifo", etc.resolve("fifo").toString());
        run("mknod", etc.resolve("zero").toString(), "c", "1", "5");
        Files.createSymbolicLink(etc.resolve("link"), host.resolve("nodes.json"));
        Files.createSymbolicLink(rootfs.resolve("way"), host);
        Process guest = new ProcessBuilder("sh", "-c", """
                trap exit TERM
                cd "$0/etc"
                while :; do
                    for kind in fifo link zero mine; do
                        if [ $kind = mine ]; then cp netclient/mine new; else cp -a netclient/$kind new; fi
                        mv -T new netclient/nodes.json
                    done
                    mv -T netclient aside; mv -T ../way netclient; mv -T netclient ../way; mv -T aside netclient
                done
                """, rootfs.toString())
                .redirectErrorStream(true)
                .start();
        int read = 0;
        try {
            eventually(() -> assertThat(Files.exists(swapped)).isTrue());
            for (int i = 0; i < 20_000 || (read == 0 && i < 2_000_000); i++) {
                try {
                    Optional<String> content = read(oneByOne, "etc/netclient/nodes.json");
                    content.ifPresent(text -> assertThat("the guest's").startsWith(text));
                    read += content.isPresent() ? 1 : 0;
                } catch (IOException refused) {
                    assertThat(refused).hasMessageContaining("etc/netclient");
                }
                if (i % 50 == 0) {
                    replace(oneByOne, i);
                }
            }
        } finally {
            // The shell ends when the program that it has just started has ended, so that nothing writes there any
            // longer.
            guest.destroy();
            guest.waitFor();
        }
        assertThat(read).isPositive();
        try (Stream<Path> files = Files.list(host)) {
            assertThat(files).containsExactly(host.resolve("nodes.json"));
        }
        assertThat(host.resolve("nodes.json")).hasContent("the host's");
    }

    private void replace(boolean oneByOne, int number) {
        try (GuestRoot root = GuestRoot.at(rootfs, oneByOne)) {
            root.replace(
                    "etc/netclient/nodes.json",
                    "the guest's".substring(0, number % 12).getBytes(UTF_8));
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("etc/netclient");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_replaced_file_keeps_owner_and_mode_and_a_new_one_has_those_of_its_folder(boolean oneByOne)
            throws IOException {
        Files.setAttribute(etc, "unix:uid", 100_000);
        Files.setAttribute(etc, "unix:gid", 100_001);
        Path file = Files.writeString(etc.resolve("old"), "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setAttribute(file, "unix:uid", 100_007);
        Files.writeString(etc.resolve(".op-dbus.tmp"), "left by a run that was killed");

        try (GuestRoot root = GuestRoot.at(rootfs, oneByOne)) {
            root.replace("etc/netclient/old", "after".getBytes(UTF_8));
            root.replace("etc/netclient/new", "new".getBytes(UTF_8));
            root.replace("top", "top".getBytes(UTF_8));
        }

        assertThat(file).hasContent("after");
        assertThat(Files.readAttributes(file, "unix:uid,gid,mode"))
                .containsAllEntriesOf(Map.of("uid", 100_007, "gid", 0, "mode", 0100750));
        assertThat(Files.readAttributes(etc.resolve("new"), "unix:uid,gid,mode"))
                .containsAllEntriesOf(Map.of("uid", 100_000, "gid", 100_001, "mode", 0100644));
        assertThat(rootfs.resolve("top")).hasContent("top");
        try (Stream<Path> files = Files.list(etc)) {
            assertThat(files).containsExactlyInAnyOrder(file, etc.resolve("new"));
        }
    }

    @Test
    void the_files_of_a_process_are_those_of_its_own_mounts() throws Exception {
        Process guest = new ProcessBuilder("unshare", "--mount", "sh", "-c", """
                mount -t tmpfs guest "$0" && echo inside > "$0/file" && echo ready && exec cat
                """, etc.toString()).start();
        try {
            assertThat(guest.inputReader().readLine()).isEqualTo("ready");
            try (GuestRoot root = GuestRoot.ofProcess(guest.pid())) {
                String file = etc.resolve("file").toString().substring(1);
                assertThat(root.read(file, LIMIT)).hasValue("inside\n".getBytes(UTF_8));
            }
            assertThat(etc.resolve("file")).doesNotExist();
        } finally {
            guest.destroyForcibly().waitFor();
        }
        assertThatThrownBy(() -> GuestRoot.ofProcess(guest.pid())).isInstanceOf(IOException.class);
    }

    private Optional<String> read(boolean oneByOne, String path) throws IOException {
        try (GuestRoot root = GuestRoot.at(rootfs, oneByOne)) {
            return root.read(path, LIMIT).map(bytes -> new String(bytes, UTF_8));
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(() -> List.of(command).toString())
                .isZero();
    }
}
