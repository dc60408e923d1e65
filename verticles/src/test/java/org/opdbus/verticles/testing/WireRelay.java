// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Hands frames on between two links of a network namespace (packet(7)), until it is killed. A frame is lost by a chance
 * that depends on its direction, or comes late; those that come keep their order.
 */
public final class WireRelay {
    /** Those of 200 ms at 80,000 frames a second. When it is full, frames wait in the sockets, or are lost there. */
    private static final int WAITING_MAX = 16_384;

    /** A frame on its way; the time is one of {@link System#nanoTime()}. */
    private record Late(long dueNanos, ByteBuffer frame, PacketSocket to) {}

    private final BlockingQueue<Late> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
    private final long lateNanos;

    private WireRelay(long lateMs) {
        lateNanos = TimeUnit.MILLISECONDS.toNanos(lateMs);
    }

    /**
     * Starts one between two links of this namespace.
     *
     * @param fromOne how many of the frames that arrive on the one link are lost, 0 to 1
     * @param fromOther how many of those that arrive on the other
     * @param lateMs by how much those that are not lost come late, each way
     */
    public static Process start(String one, String other, double fromOne, double fromOther, long lateMs) {
        return JavaProgram.start(JavaProgram.command(
                WireRelay.class,
                one,
                other,
                String.valueOf(fromOne),
                String.valueOf(fromOther),
                String.valueOf(lateMs)));
    }

    /** Relays: as {@link #start}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        // A relay of one direction would be a trouble that nobody has asked for.
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        WireRelay relay = new WireRelay(Long.parseLong(arguments[4]));
        try (PacketSocket one = PacketSocket.of(arguments[0]);
                PacketSocket other = PacketSocket.of(arguments[1])) {
            relay.begin(one, other, Double.parseDouble(arguments[2]));
            relay.begin(other, one, Double.parseDouble(arguments[3]));
            System.out.println(JavaProgram.READY);
            relay.deliver();
        }
    }

    private void begin(PacketSocket from, PacketSocket to, double lost) {
        new Thread(() -> {
                    try {
                        take(from, to, lost);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (InterruptedException e) {
                        throw new AssertionError("nobody interrupts it", e);
                    }
                })
                .start();
    }

    private void take(PacketSocket from, PacketSocket to, double lost) throws IOException, InterruptedException {
        ByteBuffer heard = ByteBuffer.allocateDirect(PacketSocket.FRAME_BYTES_MAX);
        while (true) {
            from.receive(heard.clear());
            // What it has sent itself it hears too, and would hand back for ever.
            if (!from.wasOutgoing() && ThreadLocalRandom.current().nextDouble() >= lost) {
                heard.flip();
                ByteBuffer frame =
                        ByteBuffer.allocate(heard.remaining()).put(heard).flip();
                waiting.put(new Late(System.nanoTime() + lateNanos, frame, to));
            }
        }
    }

    /** All are equally late: who came first is due first. */
    private void deliver() throws IOException, InterruptedException {
        while (true) {
            Late next = waiting.take();
            TimeUnit.NANOSECONDS.sleep(next.dueNanos() - System.nanoTime());
            next.to().send(next.frame());
        }
    }
}
