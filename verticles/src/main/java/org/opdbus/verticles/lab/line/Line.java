// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jnr.constants.platform.Errno;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.LibC;
import org.opdbus.verticles.kernel.packet.Tap;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;

/** A line between two TAPs, with a thread that moves its frames. Any thread may shape and close it. */
final class Line implements AutoCloseable {
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final short POLLIN = 1;
    private static final int POLL_BYTES = 8;
    private static final int POLL_ANSWER_AT = 6;
    private static final int TIMESPEC_BYTES = 16;
    private static final long NS_PER_S = TimeUnit.SECONDS.toNanos(1);
    /** So often a line without frames looks whether dropped frames are to be told. */
    private static final long WAIT_MAX_NS = TimeUnit.MINUTES.toNanos(1);
    /** So many frames one direction takes before the other one has its turn. */
    private static final int AT_ONCE = 64;

    /** The thread may end between two looks. */
    private static final long APPLY_MAX_MS = 100;

    private static final long TELL_EVERY_NS = TimeUnit.SECONDS.toNanos(10);

    private final int id;
    private final Tap first;
    private final Tap second;
    private final LineDirection there;
    private final LineDirection back;
    private final Consumer<String> log;
    private final Runnable ended;
    private final Thread thread;
    private final int wakeFd = LIBC.eventfd(0, EFD_CLOEXEC_NONBLOCK);
    private final ByteBuffer polled = ByteBuffer.allocateDirect(3 * POLL_BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer timeout = ByteBuffer.allocateDirect(TIMESPEC_BYTES).order(ByteOrder.nativeOrder());
    private volatile A2b wanted;
    private A2b applied;
    private volatile boolean closing;
    private volatile boolean hasEnded;
    private long toldDropped;
    private long toldAtNs = System.nanoTime() - TELL_EVERY_NS;

    private Line(int id, A2b line, Tap first, Tap second, Surroundings around) {
        this.id = id;
        this.first = first;
        this.second = second;
        wanted = line;
        applied = line;
        there = new LineDirection(line, around.memory, new SplittableRandom(), System.nanoTime());
        back = new LineDirection(line, around.memory, new SplittableRandom(), System.nanoTime());
        log = around.log;
        ended = around.ended;
        thread = new Thread(this::run, "line-" + id);
        thread.setDaemon(true);
    }

    /**
     * What a line has from the process.
     *
     * @param log takes lines for people, on any thread
     * @param ended is called when a line has ended, on its thread
     */
    record Surroundings(QueueMemory memory, Consumer<String> log, Runnable ended) {}

    /**
     * Begins to move frames between the TAPs {@code _k_ID_0} and {@code _k_ID_1}.
     *
     * @throws IOException if one of them is not there, or is in use
     */
    static Line begin(int id, A2b shape, Surroundings around) throws IOException {
        Tap first = Tap.attach(new LinkName("_k_" + id + "_0"));
        Tap second;
        try {
            second = Tap.attach(new LinkName("_k_" + id + "_1"));
        } catch (IOException e) {
            first.close();
            throw e;
        }
        Line line = new Line(id, shape, first, second, around);
        line.thread.start();
        return line;
    }

    /** Changes what the line does. No frame is lost by it. Returns when it is so, or when the line has ended. */
    synchronized void shape(A2b next) {
        wanted = next;
        wake();
        try {
            while (!next.equals(applied) && !hasEnded) {
                wait(APPLY_MAX_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void applied(A2b shape) {
        applied = shape;
        notifyAll();
    }

    private void wake() {
        byte[] one = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(1)
                .array();
        // The write fails only when the counter is full, and then the wait ends anyway.
        LIBC.write(wakeFd, one, one.length);
    }

    /** Returns whether both links are there and frames are moved. */
    boolean isWhole() {
        return !hasEnded && first.isAttached() && second.isAttached();
    }

    private void run() {
        try {
            move();
        } catch (IOException | RuntimeException end) {
            if (!closing) {
                log.accept("line " + id + " ends: " + end.getMessage());
            }
        } finally {
            there.close();
            back.close();
            hasEnded = true;
            ended.run();
        }
    }

    private void move() throws IOException {
        poll(0, first.fd());
        poll(1, second.fd());
        poll(2, wakeFd);
        A2b shape = wanted;
        while (!closing) {
            if (!shape.equals(wanted)) {
                shape = wanted;
                there.shape(shape, System.nanoTime());
                back.shape(shape, System.nanoTime());
                applied(shape);
            }
            await(give());
            take(0, there, first);
            take(1, back, second);
            if (isReady(2)) {
                LIBC.read(wakeFd, new byte[Long.BYTES], Long.BYTES);
            }
            tell();
        }
    }

    private void poll(int entry, int fd) {
        polled.putInt(entry * POLL_BYTES, fd).putShort(entry * POLL_BYTES + Integer.BYTES, POLLIN);
    }

    private boolean isReady(int entry) {
        return polled.getShort(entry * POLL_BYTES + POLL_ANSWER_AT) != 0;
    }

    /** Returns how long it takes until the next frame leaves. */
    private long give() {
        long nowNs = System.nanoTime();
        return Math.min(there.giveTo(second::write, nowNs), back.giveTo(first::write, nowNs));
    }

    private void await(long ns) throws IOException {
        long waitNs = Math.min(ns, WAIT_MAX_NS);
        timeout.putLong(0, waitNs / NS_PER_S).putLong(Long.BYTES, waitNs % NS_PER_S);
        if (LIBC.ppoll(polled, 3, timeout, null) < 0) {
            Errno errno = LibC.errno();
            if (errno != Errno.EINTR) {
                throw new IOException("could not wait for frames: " + errno.description());
            }
        }
    }

    private void take(int entry, LineDirection direction, Tap from) throws IOException {
        if (isReady(entry)) {
            int count = 0;
            while (count < AT_ONCE && direction.takeFrom(from)) {
                count++;
            }
            if (count == 0 && !from.isAttached()) {
                throw new IOException("one of its links is gone");
            }
        }
    }

    private void tell() {
        long dropped = there.counts().dropped + back.counts().dropped;
        if (dropped != toldDropped && System.nanoTime() - toldAtNs > TELL_EVERY_NS) {
            log.accept("line " + id + " has dropped " + dropped + " frames for which it had no room ("
                    + there.counts().dropped + " from its endpoint 0, " + back.counts().dropped
                    + " from its endpoint 1)");
            toldDropped = dropped;
            toldAtNs = System.nanoTime();
        }
    }

    /** Ends the line; the links stay. Returns when it has let go of them. */
    @Override
    public void close() {
        closing = true;
        wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        first.close();
        second.close();
        LIBC.close(wakeFd);
    }
}
