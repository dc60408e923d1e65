// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.DatagramListener;

class UnixDatagramTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void a_datagram_arrives_at_a_socket_in_the_file_system() throws IOException {
        String path = folder.resolve("notify").toString();
        try (DatagramListener listener = DatagramListener.at(path)) {
            assertThat(UnixDatagram.to(path).send(HELLO)).isTrue();
            assertThat(listener.next(BusWatcher.GENEROUS)).contains("hello");
        }
    }

    @Test
    void a_datagram_arrives_at_an_abstract_socket() throws IOException {
        String name = "@op-dbus/test/" + UUID.randomUUID();
        try (DatagramListener listener = DatagramListener.at(name)) {
            assertThat(UnixDatagram.to(name).send(HELLO)).isTrue();
            assertThat(listener.next(BusWatcher.GENEROUS)).contains("hello");
        }
    }

    @Test
    void a_listener_that_was_replaced_is_reached() throws IOException {
        String path = folder.resolve("notify").toString();
        UnixDatagram datagram = UnixDatagram.to(path);
        DatagramListener.at(path).close();
        assertThatThrownBy(() -> datagram.send(HELLO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path);

        Files.delete(Path.of(path));
        try (DatagramListener second = DatagramListener.at(path)) {
            assertThat(datagram.send(HELLO)).isTrue();
            assertThat(second.next(BusWatcher.GENEROUS)).contains("hello");
        }
    }

    @Test
    void a_full_queue_is_no_failure_and_blocks_no_caller() throws IOException {
        String name = "@op-dbus/test/" + UUID.randomUUID();
        UnixDatagram datagram = UnixDatagram.to(name);
        try (DatagramListener listener = DatagramListener.at(name)) {
            int sent = 0;
            while (datagram.send(HELLO)) {
                sent++;
            }
            assertThat(sent).isPositive();
            for (int read = 0; read < sent; read++) {
                assertThat(listener.next(BusWatcher.GENEROUS)).contains("hello");
            }
            assertThat(listener.next(Duration.ZERO)).isEmpty();
            assertThat(datagram.send(HELLO)).isTrue();
        }
    }

    @Test
    void what_is_no_address_of_a_unix_socket_is_refused() {
        for (String address : new String[] {"", "@", "/", "notify", "vsock:2:1234", "/" + "x".repeat(107)}) {
            assertThatThrownBy(() -> UnixDatagram.to(address)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
