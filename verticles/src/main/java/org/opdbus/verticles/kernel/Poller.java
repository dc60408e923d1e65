// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Waits in one thread for many file descriptors, poll(2).
 *
 * <p>Any thread may call {@link #wake()}; all other calls belong to the waiting thread.
 */
public final class Poller implements AutoCloseable {
    private static final int POLLIN = 1;
    private static final int ENTRY_BYTES = 8;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    private final int wakeFd;
    private final Map<Integer, Runnable> watched = new HashMap<>();
    private List<Integer> order = List.of();
    private boolean stale = true;
    private boolean closed;

    /** Fails only if the process has no file descriptor left. */
    public Poller() throws IOException {
        wakeFd = FileCalls.LIBC.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (wakeFd < 0) {
            throw FileCalls.failure("cannot make an eventfd");
        }
        watch(wakeFd, this::drainWake);
    }

    /** From now on runs {@code ready} whenever the descriptor is readable, is at its end, or has failed. */
    public void watch(int fd, Runnable ready) {
        watched.put(fd, ready);
        stale = true;
    }

    /** Stops waiting for this descriptor; call it before the descriptor is closed. */
    public void forget(int fd) {
        watched.remove(fd);
        stale = true;
    }

    /** Ends the current or the next wait. */
    public synchronized void wake() {
        if (closed) {
            return;
        }
        byte[] one =
                ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(1).array();
        // The write fails only when the counter is full, and then the wait ends anyway.
        FileCalls.LIBC.write(wakeFd, one, one.length);
    }

    /** Waits for at most this long, and runs the actions of the ready descriptors. */
    public void await(long timeoutMs) throws IOException {
        if (stale) {
            order = new ArrayList<>(watched.keySet());
            stale = false;
        }
        List<Integer> polled = order;
        ByteBuffer entries = ByteBuffer.allocate(polled.size() * ENTRY_BYTES).order(ByteOrder.nativeOrder());
        for (int fd : polled) {
            entries.putInt(fd).putShort((short) POLLIN).putShort((short) 0);
        }
        int timeout = (int) Math.max(0, Math.min(timeoutMs, Integer.MAX_VALUE));
        int ready = FileCalls.LIBC.poll(entries.array(), polled.size(), timeout);
        if (ready < 0 && FileCalls.errno() != FileCalls.EINTR) {
            throw FileCalls.failure("cannot wait for " + polled.size() + " file descriptors");
        }
        for (int i = 0; ready > 0 && i < polled.size(); i++) {
            if (entries.getShort(i * ENTRY_BYTES + 6) != 0) {
                Runnable handler = watched.get(polled.get(i));
                if (handler != null) {
                    handler.run();
                }
            }
        }
    }

    private void drainWake() {
        FileCalls.LIBC.read(wakeFd, new byte[8], 8);
    }

    @Override
    public synchronized void close() {
        closed = true;
        FileCalls.LIBC.close(wakeFd);
    }
}
