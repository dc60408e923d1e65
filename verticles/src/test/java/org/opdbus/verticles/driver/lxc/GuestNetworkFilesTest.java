// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuestNetworkFilesTest {
    @TempDir
    Path folder;

    private Path rootfs = Path.of("/");
    private Path hosts = Path.of("/");

    @BeforeEach
    void make() throws IOException {
        rootfs = Files.createDirectories(folder.resolve("rootfs"));
        hosts = Files.createDirectories(folder.resolve("host"));
        Files.writeString(hosts.resolve("resolv.conf"), "the host's");
    }

    @Test
    void a_link_in_the_place_of_resolv_conf_is_replaced_not_followed() throws IOException {
        Path etc = Files.createDirectory(rootfs.resolve("etc"));
        Files.createSymbolicLink(etc.resolve("resolv.conf"), hosts.resolve("resolv.conf"));

        GuestNetworkFiles.resolver(rootfs, Optional.of("10.0.0.1"), Optional.of("example.com"));

        assertThat(hosts.resolve("resolv.conf")).hasContent("the host's");
        assertThat(etc.resolve("resolv.conf"))
                .hasContent("search example.com\nnameserver 10.0.0.1\n")
                .satisfies(file -> assertThat(Files.isSymbolicLink(file)).isFalse());
    }

    @Test
    void a_link_on_the_way_to_resolv_conf_is_refused() throws IOException {
        Files.createSymbolicLink(rootfs.resolve("etc"), hosts);

        assertThatThrownBy(() -> GuestNetworkFiles.resolver(rootfs, Optional.of("10.0.0.1"), Optional.empty()))
                .isInstanceOf(IOException.class);
        assertThat(hosts.resolve("resolv.conf")).hasContent("the host's");
    }

    @Test
    void a_fifo_in_the_place_of_a_script_is_left_alone_and_never_waited_for() throws Exception {
        Path script = Files.createDirectories(rootfs.resolve("etc/init.d")).resolve("rcS");
        assertThat(new ProcessBuilder("mkfifo", script.toString()).start().waitFor())
                .isZero();

        GuestNetworkFiles.address(rootfs, true);

        assertThat(Files.readAttributes(script, BasicFileAttributes.class).isOther())
                .isTrue();
    }

    @Test
    void a_file_is_changed_and_keeps_its_mode() throws IOException {
        Path init = Files.createDirectories(rootfs.resolve("etc/init.d"));
        String script = "#!/bin/sh\n/bin/mount -a\n/bin/udhcpc\n";
        Path file = Files.writeString(init.resolve("rcS"), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr--r--"));

        GuestNetworkFiles.address(rootfs, true);
        GuestNetworkFiles.address(rootfs, true);
        assertThat(file).hasContent("#!/bin/sh\n/bin/mount -a\n#op-dbus /bin/udhcpc\n");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rwxr--r--"));
        GuestNetworkFiles.address(rootfs, false);
        assertThat(file).hasContent(script);
    }

    @Test
    void a_system_of_another_kind_is_left_alone() throws IOException {
        GuestNetworkFiles.address(rootfs, true);
        Path init = Files.createDirectories(rootfs.resolve("etc/init.d"));
        Path outside = Files.writeString(hosts.resolve("rcS"), "/bin/udhcpc\n");
        Files.createSymbolicLink(init.resolve("rcS"), outside);
        GuestNetworkFiles.address(rootfs, true);
        assertThat(outside).hasContent("/bin/udhcpc\n");
    }
}
