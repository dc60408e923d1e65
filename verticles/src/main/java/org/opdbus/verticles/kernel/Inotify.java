// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Wraps inotify(7), which reports events in folders.
 *
 * <p>It exists because the JDK's WatchService reports neither the opening of a file nor the end of a watch. Never
 * blocks. Not safe for use by several threads.
 */
public final class Inotify implements AutoCloseable {
    /** A file in the folder was opened. */
    public static final int OPEN = 0x20;
    /** A file's owner, mode or times were changed. */
    public static final int ATTRIB = 0x4;
    /** A file in the folder that was open for writing was closed. */
    public static final int CLOSE_WRITE = 0x8;
    /** An entry was moved out of the folder. */
    public static final int MOVED_FROM = 0x40;
    /** An entry was moved into the folder. */
    public static final int MOVED_TO = 0x80;
    /** An entry was made in the folder. */
    public static final int CREATE = 0x100;
    /** An entry of the folder was deleted. */
    public static final int DELETE = 0x200;
    /** The folder itself was deleted. */
    public static final int DELETE_SELF = 0x400;
    /** The folder itself was moved. */
    public static final int MOVE_SELF = 0x800;
    /** Events were lost; the watch number is -1. */
    public static final int OVERFLOW = 0x4000;
    /** The watch has ended, because its folder is gone or it was removed. */
    public static final int IGNORED = 0x8000;

    /** All events that change the list of a folder's entries, or the folder itself. */
    public static final int ENTRIES = CREATE | DELETE | MOVED_FROM | MOVED_TO | DELETE_SELF | MOVE_SELF;

    private static final int ONLYDIR = 0x01000000;
    private static final int IN_CLOEXEC = 0x80000;
    private static final int IN_NONBLOCK = 0x800;
    private static final int HEADER_BYTES = 16;

    private final int fd;
    private final byte[] buffer = new byte[64 * 1024];

    /**
     * One event.
     *
     * @param watch the number that {@link Inotify#watch} returned
     * @param mask the event, as a sum of this class's constants
     * @param name the entry of the folder; empty for the folder itself
     */
    public record Happening(int watch, int mask, String name) {
        /** Returns whether any of these constants is in the mask. */
        public boolean is(int constants) {
            return (mask & constants) != 0;
        }
    }

    /** Fails if the user has as many instances as fs.inotify.max_user_instances allows. */
    public Inotify() throws IOException {
        fd = FileCalls.LIBC.inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        if (fd < 0) {
            throw FileCalls.failure("cannot use inotify (see fs.inotify.max_user_instances)");
        }
    }

    /** Returns the descriptor for a {@link Poller}. */
    public int fd() {
        return fd;
    }

    /**
     * Watches a folder; follows a symbolic link to one. A second call for the same folder returns the same number.
     *
     * @return the watch; empty if there is no such folder
     * @throws IOException if the folder exists but cannot be watched, for example when fs.inotify.max_user_watches is
     * reached
     */
    public OptionalInt watch(String folder, int mask) throws IOException {
        byte[] path = (folder + '\0').getBytes(StandardCharsets.UTF_8);
        int watch = FileCalls.LIBC.inotify_add_watch(fd, path, mask | ONLYDIR);
        if (watch >= 0) {
            return OptionalInt.of(watch);
        }
        int errno = FileCalls.errno();
        if (errno == FileCalls.ENOENT || errno == FileCalls.ENOTDIR) {
            return OptionalInt.empty();
        }
        throw FileCalls.failure("cannot watch the folder " + folder + " (see fs.inotify.max_user_watches)", errno);
    }

    /** Ends a watch; does nothing if it has ended by itself. */
    public void remove(int watch) {
        FileCalls.LIBC.inotify_rm_watch(fd, watch);
    }

    /** Returns the events since the last call, in order; empty if there were none. */
    public List<Happening> read() {
        List<Happening> happenings = new ArrayList<>();
        long count;
        while ((count = FileCalls.LIBC.read(fd, buffer, buffer.length)) > 0) {
            parse(ByteBuffer.wrap(buffer, 0, (int) count).order(ByteOrder.nativeOrder()), happenings);
        }
        return happenings;
    }

    /** struct inotify_event: watch, mask, cookie, length of the name that follows, filled up with zeros. */
    static void parse(ByteBuffer events, List<Happening> into) {
        while (events.remaining() >= HEADER_BYTES) {
            int watch = events.getInt();
            int mask = events.getInt();
            events.getInt();
            byte[] name = new byte[events.getInt()];
            events.get(name);
            int length = 0;
            while (length < name.length && name[length] != 0) {
                length++;
            }
            into.add(new Happening(watch, mask, new String(name, 0, length, StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void close() {
        FileCalls.LIBC.close(fd);
    }
}
