// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.CallBytes;

/** Many connections of root to a message bus that call as fast as the bus reads, and read nothing. */
final class BusFlood implements AutoCloseable {
    private static final int AT_ONCE = 100;

    private final List<SocketChannel> channels = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong calls = new AtomicLong();

    BusFlood(Path socket, int connections, List<BusMessage> repeated) {
        for (int i = 0; i < connections; i++) {
            try {
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                channels.add(channel);
                Thread thread = new Thread(() -> call(channel, new CallBytes(repeated)), "bus-flood");
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void call(SocketChannel channel, CallBytes bytes) {
        try {
            write(channel, CallBytes.greeting(0));
            while (channel.isOpen()) {
                write(channel, bytes.next(AT_ONCE));
                calls.addAndGet(AT_ONCE);
            }
        } catch (IOException over) {
            // The test has closed it, or the bus has.
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /** Returns how many calls the bus's kernel has taken. */
    long calls() {
        return calls.get();
    }

    @Override
    public void close() {
        try {
            for (SocketChannel channel : channels) {
                channel.close();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
