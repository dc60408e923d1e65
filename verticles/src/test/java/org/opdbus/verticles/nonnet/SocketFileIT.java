// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.schedulers.Schedulers;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

/** The place and the rights of the socket, and its removal. */
class SocketFileIT {
    private final NonNetLab lab = new NonNetLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void the_socket_is_for_root_and_the_group_and_goes_with_the_server() throws IOException {
        lab.start();
        PosixFileAttributes attributes = Files.readAttributes(lab.socket, PosixFileAttributes.class);
        assertThat(PosixFilePermissions.toString(attributes.permissions())).isEqualTo("rw-rw----");
        assertThat(attributes.owner().getName()).isEqualTo("root");
        try (var files = Files.list(lab.dir)) {
            assertThat(files).containsExactly(lab.socket);
        }
        lab.stop();
        assertThat(lab.socket).doesNotExist();
    }

    @Test
    void the_group_is_the_one_that_is_named() throws IOException {
        NonNetOptions usual = lab.options();
        lab.start(new NonNetOptions(
                usual.socket(),
                "daemon",
                usual.host(),
                usual.clientsMax(),
                usual.monitorsMax(),
                usual.limits(),
                usual.budget(),
                usual.probeInterval(),
                usual.linger()));
        assertThat(Files.readAttributes(lab.socket, PosixFileAttributes.class)
                        .group()
                        .getName())
                .isEqualTo("daemon");
    }

    @Test
    void a_dead_processs_socket_is_replaced() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(lab.socket));
        }
        assertThat(lab.socket).exists();
        lab.start();
        assertThat(lab.client("list-dbs", lab.remote())).isEqualTo("OpNonNet\n");
    }

    @Test
    void a_live_processs_socket_is_left_to_it() throws IOException {
        try (ServerSocketChannel alive = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            alive.bind(UnixDomainSocketAddress.of(lab.socket));
            assertRefused(Reason.SOCKET_IN_USE, "another process serves it");
            assertThat(lab.socket).exists();
        }
    }

    @Test
    void a_file_that_is_no_socket_is_left_alone() throws IOException {
        Files.writeString(lab.socket, "precious");
        assertRefused(Reason.SOCKET_UNUSABLE, "no socket");
        assertThat(lab.socket).hasContent("precious");
    }

    @Test
    void a_folder_that_is_missing_is_said_to_be() throws IOException {
        Files.delete(lab.dir);
        assertRefused(Reason.SOCKET_UNUSABLE, "does " + lab.dir + " exist");
        Files.createDirectory(lab.dir);
    }

    @Test
    void another_servers_socket_is_not_removed() throws IOException {
        lab.start();
        Files.delete(lab.socket);
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(lab.socket));
            lab.stop();
            assertThat(lab.socket).exists();
        }
    }

    private void assertRefused(Reason reason, String words) {
        NonNetServer server = new NonNetServer(
                lab.vertx, new LiveTables(lab.inventory, lab.options(), Schedulers.trampoline()), lab.options());
        assertThatThrownBy(() ->
                        server.start().toCompletionStage().toCompletableFuture().join())
                .cause()
                .isInstanceOfSatisfying(
                        NonNetException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(words);
        // The verticle says so, and stops nothing else.
        lab.start().stop();
    }
}
