// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.NotRegularFileException;
import org.opdbus.ledger.RegularFiles;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RegularChannelsTest {
    @TempDir
    Path temp;

    private final RegularFiles files = new RegularChannels();

    @Test
    void a_regular_file_is_read_and_written() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "before");
        try (FileChannel channel = files.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("after!".getBytes(UTF_8)));
        }
        try (FileChannel channel = files.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(100);
            channel.read(bytes);
            assertThat(new String(bytes.array(), 0, bytes.position(), UTF_8)).isEqualTo("after!");
        }
        assertThatThrownBy(() -> files.open(temp.resolve("none"), StandardOpenOption.READ))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anything_else_is_refused_by_its_kind_and_never_waited_for() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "x");
        Path fifo = fifo("fifo");
        Path link = Files.createSymbolicLink(temp.resolve("link"), file);
        Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("none"));
        Path folder = Files.createDirectory(temp.resolve("folder"));
        Path socket = temp.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            for (StandardOpenOption access :
                    new StandardOpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE}) {
                assertRefused(fifo, access, "it is a FIFO");
                assertRefused(link, access, "it is a symbolic link");
                assertRefused(dangling, access, "it is a symbolic link");
                assertRefused(folder, access, "it is a directory");
                assertRefused(socket, access, "it is a socket");
                assertRefused(Path.of("/dev/zero"), access, "it is a device");
            }
        }
    }

    @Test
    void a_file_that_is_swapped_with_a_fifo_all_the_time_is_read_or_refused_and_leaves_no_descriptor()
            throws Exception {
        Path regular = Files.writeString(temp.resolve("regular"), "x");
        Path fifo = fifo("fifo");
        Path name = temp.resolve("name");
        AtomicBoolean ended = new AtomicBoolean();
        Thread swapper = new Thread(() -> swap(regular, fifo, name, ended));
        swapper.start();
        int read = 0;
        int refused = 0;
        long before = descriptors();
        while (read < 200 || refused < 200) {
            try (FileChannel channel = files.open(name, StandardOpenOption.READ)) {
                assertThat(channel.size()).isEqualTo(1);
                read++;
            } catch (NotRegularFileException e) {
                refused++;
            } catch (NoSuchFileException e) {
                // The first name does not exist yet.
            }
        }
        ended.set(true);
        swapper.join();
        assertThat(descriptors()).isLessThan(before + 100);
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private void swap(Path regular, Path fifo, Path name, AtomicBoolean ended) {
        try {
            for (int i = 0; !ended.get(); i++) {
                Path next = temp.resolve("next");
                Files.deleteIfExists(next);
                Files.createLink(next, i % 2 == 0 ? regular : fifo);
                Files.move(next, name, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(Path file, StandardOpenOption access, String kind) {
        assertThatThrownBy(() -> files.open(file, access))
                .isInstanceOf(NotRegularFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(kind);
    }

    private Path fifo(String name) throws Exception {
        Path fifo = temp.resolve(name);
        Process made = new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start();
        assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).isZero();
        return fifo;
    }
}
