// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.opdbus.verticles.kernel.packet.Tap;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;

/**
 * One direction of a line: what becomes of each frame. A frame is lost by chance, or it waits until the frames before it and itself have
 * passed at the rate, and then for the delay. What is behind by more than {@link #BEHIND_MAX_NS}, or for which there is no room, is
 * dropped, as the queue of a real link does it. For one thread.
 */
final class LineDirection implements AutoCloseable {
    /** How long a frame waits at most for the rate. */
    static final long BEHIND_MAX_NS = TimeUnit.MILLISECONDS.toNanos(400);
    /** A frame of so many bits takes so many nanoseconds at 1 kbit/s. */
    private static final long NS_PER_BIT = 1_000_000;

    private static final int OF = 10_000;

    private final FrameQueue waiting;
    private final RandomGenerator random;
    private final ByteBuffer refused = ByteBuffer.allocateDirect(Tap.FRAME_BYTES_MAX);
    private A2b line;
    private boolean hasRoom;
    /** When the frames before have passed at the rate. */
    private long passedNs;

    private final Counts counts = new Counts();

    /** What became of the frames. */
    static final class Counts {
        long arrived;
        long lost;
        long dropped;
    }

    LineDirection(A2b line, QueueMemory memory, RandomGenerator random, long nowNs) {
        this.line = line;
        this.random = random;
        passedNs = nowNs;
        waiting = new FrameQueue(memory);
    }

    /** Changes what the line does, also with the frames that wait. */
    void shape(A2b next, long nowNs) {
        line = next;
        passedNs = nowNs;
        waiting.readyBy(nowNs);
    }

    /** Takes the next frame of a link; returns whether there was one. */
    boolean takeFrom(Tap tap) throws IOException {
        int length = tap.read(room());
        if (length > 0) {
            arrived(length, System.nanoTime());
        }
        return length > 0;
    }

    /** Returns the memory for the next frame, which {@link #arrived} takes. */
    ByteBuffer room() {
        hasRoom = waiting.hasRoom();
        return hasRoom ? waiting.room() : refused.clear();
    }

    /** A frame of this length is in the memory that {@link #room} has returned. */
    void arrived(int length, long nowNs) {
        counts.arrived++;
        if (line.lossPer10000() > 0 && random.nextInt(OF) < line.lossPer10000()) {
            counts.lost++;
            return;
        }
        long readyNs = nowNs;
        if (line.rateKbit() > 0) {
            long beginNs = passedNs - nowNs > 0 ? passedNs : nowNs;
            readyNs = beginNs + NS_PER_BIT * length * Byte.SIZE / line.rateKbit();
            hasRoom &= beginNs - nowNs <= BEHIND_MAX_NS;
        }
        if (hasRoom) {
            passedNs = readyNs;
            waiting.add(length, readyNs);
        } else {
            counts.dropped++;
        }
    }

    /** Returns how long it takes until the next frame leaves, 0 or less if that is now; there must be one. */
    private long leftNs(long nowNs) {
        return waiting.readyNs() + TimeUnit.MILLISECONDS.toNanos(line.delayMs()) - nowNs;
    }

    /** Gives the frames whose time has come to a link; returns how long it takes until the next one leaves. */
    long giveTo(FrameTarget target, long nowNs) {
        while (waiting.count() > 0) {
            long left = leftNs(nowNs);
            if (left > 0) {
                return left;
            }
            if (!target.write(waiting.first())) {
                counts.dropped++;
            }
            waiting.removeFirst();
        }
        return Long.MAX_VALUE;
    }

    Counts counts() {
        return counts;
    }

    @Override
    public void close() {
        waiting.close();
    }

    /** Takes the frames that leave the line. */
    @FunctionalInterface
    interface FrameTarget {
        /** Returns whether it took the frame. */
        boolean write(ByteBuffer frame);
    }
}
