// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Numbered packets from the router to an address of the host at a steady pace, and the host's answers. */
final class SteadyTraffic implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final DatagramChannel host;
    private final DatagramChannel client;
    private final SocketAddress target;
    private final Future<?> sending;
    private volatile long first;
    private final AtomicLong sent = new AtomicLong();
    private final ConcurrentSkipListMap<Long, Long> answered = new ConcurrentSkipListMap<>();

    /**
     * What was seen.
     *
     * @param lost packets without an answer
     * @param lostInARow the longest run of them
     * @param silenceMs the longest time between two answers
     */
    record Figures(long sent, long lost, long lostInARow, double silenceMs) {}

    /** Begins to send this many packets a second to this address of the host. */
    SteadyTraffic(RouterSide router, String address, int perSecond) {
        try {
            host = DatagramChannel.open().bind(new InetSocketAddress(address, 0));
            client = router.call(DatagramChannel::open);
            target = host.getLocalAddress();
        } catch (IOException e) {
            throw new AssertionError("no sockets for traffic to " + address, e);
        }
        start(this::answer, "answers of " + address);
        start(this::hear, "answers from " + address);
        sending = clock.scheduleAtFixedRate(this::send, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void send() {
        try {
            client.send(ByteBuffer.allocate(Long.BYTES).putLong(0, sent.getAndIncrement()), target);
        } catch (IOException unreachable) {
            // The packet counts as lost.
        }
    }

    private void answer() {
        ByteBuffer packet = ByteBuffer.allocate(Long.BYTES);
        try {
            while (true) {
                packet.clear();
                SocketAddress from = host.receive(packet);
                try {
                    host.send(packet.flip(), from);
                } catch (IOException unreachable) {
                    // The packet counts as lost.
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void hear() {
        ByteBuffer packet = ByteBuffer.allocate(Long.BYTES);
        try {
            while (true) {
                packet.clear();
                client.receive(packet);
                answered.put(packet.getLong(0), System.nanoTime());
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** Waits until this many more packets were answered. */
    void await(int more) {
        long before = answered.size();
        eventually(() -> assertThat(answered.size()).isGreaterThanOrEqualTo((int) before + more));
    }

    /** Begins to count; what was lost before is forgotten. */
    void begin() {
        first = sent.get();
    }

    /** Counts the packets since {@link #begin} up to the last one that was answered. */
    Figures figures() {
        long last = answered.lastKey();
        long lost = 0;
        long row = 0;
        long longestRow = 0;
        long silence = 0;
        Map.Entry<Long, Long> earlier = answered.lowerEntry(first);
        long before = earlier == null ? answered.firstEntry().getValue() : earlier.getValue();
        for (long number = first; number <= last; number++) {
            Long time = answered.get(number);
            if (time == null) {
                lost++;
                row++;
                longestRow = Math.max(longestRow, row);
            } else {
                row = 0;
                silence = Math.max(silence, time - before);
                before = time;
            }
        }
        return new Figures(last - first + 1, lost, longestRow, silence / 1e6);
    }

    @Override
    public void close() {
        sending.cancel(false);
        clock.shutdownNow();
        try {
            host.close();
            client.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
