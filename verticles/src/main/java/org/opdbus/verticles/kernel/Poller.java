// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Waits in one thread for many file descriptors, epoll(7). The cost of a wait depends on how many of them are ready, not
 * on how many are watched.
 *
 * <p>Any thread may call {@link #wake()}; all other calls belong to the waiting thread.
 */
public final class Poller implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    /** The number of descriptors that one wait reports; the next wait reports the others. */
    private static final int READY_MAX = 128;
    /** struct epoll_event: the events, then 64 bits that the kernel returns unchanged. x86-64 alone packs it. */
    private static final int DATA_AT = System.getProperty("os.arch", "").matches("amd64|x86_64") ? 4 : 8;

    private static final int EVENT_BYTES = DATA_AT + 8;

    private final int epollFd;
    private final int wakeFd;
    private final Map<Integer, Long> numbers = new HashMap<>();
    /**
     * The actions by the number that the kernel returns. Each watch has a number of its own, because a descriptor's number
     * is used again: the kernel may have reported the former one in the same wait.
     */
    private final Map<Long, Runnable> actions = new HashMap<>();

    private final ByteBuffer ready =
            ByteBuffer.allocate(READY_MAX * EVENT_BYTES).order(ByteOrder.nativeOrder());
    private long lastNumber;
    private boolean closed;

    /** Fails only if the process has no file descriptor left. */
    public Poller() throws IOException {
        epollFd = FileCalls.LIBC.epoll_create1(EPOLL_CLOEXEC);
        if (epollFd < 0) {
            throw FileCalls.failure("cannot make an epoll descriptor");
        }
        wakeFd = FileCalls.LIBC.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        try {
            if (wakeFd < 0) {
                throw FileCalls.failure("cannot make an eventfd");
            }
            watch(wakeFd, this::drainWake);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * From now on runs the action whenever the descriptor is readable, is at its end, or has failed.
     *
     * @throws IOException if the kernel has no memory for it, or the user watches more descriptors than
     *     fs.epoll.max_user_watches allows
     */
    public void watch(int fd, Runnable action) throws IOException {
        forget(fd);
        long number = ++lastNumber;
        byte[] event = ByteBuffer.allocate(EVENT_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, EPOLLIN)
                .putLong(DATA_AT, number)
                .array();
        if (FileCalls.LIBC.epoll_ctl(epollFd, EPOLL_CTL_ADD, fd, event) != 0) {
            throw FileCalls.failure("cannot watch a file descriptor (see fs.epoll.max_user_watches)");
        }
        numbers.put(fd, number);
        actions.put(number, action);
    }

    /** Stops waiting for this descriptor; call it before the descriptor is closed. */
    public void forget(int fd) {
        Long number = numbers.remove(fd);
        if (number != null) {
            actions.remove(number);
            FileCalls.LIBC.epoll_ctl(epollFd, EPOLL_CTL_DEL, fd, new byte[EVENT_BYTES]);
        }
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
        int timeout = (int) Math.max(0, Math.min(timeoutMs, Integer.MAX_VALUE));
        int count = FileCalls.LIBC.epoll_wait(epollFd, ready.array(), READY_MAX, timeout);
        if (count < 0 && FileCalls.errno() != FileCalls.EINTR) {
            throw FileCalls.failure("cannot wait for " + numbers.size() + " file descriptors");
        }
        for (int i = 0; i < count; i++) {
            // An earlier action may have ended the watch of this descriptor.
            Runnable action = actions.get(ready.getLong(i * EVENT_BYTES + DATA_AT));
            if (action != null) {
                action.run();
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
        FileCalls.LIBC.close(epollFd);
    }
}
