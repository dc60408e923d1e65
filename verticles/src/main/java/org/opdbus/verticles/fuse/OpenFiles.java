// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.verticles.fuse.wire.FileError;

/** The files and folders that are open, by their handles. Limited in number and in bytes. Thread-safe. */
final class OpenFiles {
    /** The most open files and folders at once. */
    static final int COUNT_MAX = 4096;
    /** The most bytes that open files hold together. */
    static final long BYTES_MAX = 16L * 1024 * 1024;

    private final Map<Long, OpenFile> files = new ConcurrentHashMap<>();
    private final Map<Long, OpenFolder> folders = new ConcurrentHashMap<>();
    /** The handles of files that a reader polls, by the number of the file. */
    private final Map<Long, Set<Long>> polled = new ConcurrentHashMap<>();

    private final AtomicLong lastHandle = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Returns a handle for an opened file; ENFILE or ENOMEM if that is too much. */
    long add(OpenFile file) throws FileError {
        grow(file.content().length);
        try {
            long handle = number();
            files.put(handle, file);
            return handle;
        } catch (FileError tooMany) {
            bytes.addAndGet(-file.content().length);
            throw tooMany;
        }
    }

    /** Returns a handle for an opened folder; ENFILE if that is too much. */
    long add(OpenFolder folder) throws FileError {
        long handle = number();
        folders.put(handle, folder);
        return handle;
    }

    OpenFile file(long handle) throws FileError {
        OpenFile file = files.get(handle);
        if (file == null) {
            throw new FileError(FileError.EBADF);
        }
        return file;
    }

    OpenFolder folder(long handle) throws FileError {
        OpenFolder folder = folders.get(handle);
        if (folder == null) {
            throw new FileError(FileError.EBADF);
        }
        return folder;
    }

    /** Gives an opener the content of now, if there is room for it. */
    void refresh(OpenFile file, byte[] now) throws FileError {
        synchronized (file) {
            grow(now.length - file.content().length);
            file.refresh(now);
        }
    }

    /** From now on {@link #changed} knows this opener. */
    void poll(long node, long handle) {
        polled.compute(node, (number, handles) -> {
            Set<Long> all = handles == null ? ConcurrentHashMap.newKeySet() : handles;
            all.add(handle);
            return all;
        });
    }

    /** Marks what is open of this node as changed; returns whom to wake. */
    List<Long> changed(long node) {
        Set<Long> handles = polled.get(node);
        if (handles == null) {
            return List.of();
        }
        List<Long> wakeups = new ArrayList<>();
        for (long handle : handles) {
            OpenFile file = files.get(handle);
            long wakeup = file == null ? 0 : file.change();
            if (wakeup != 0) {
                wakeups.add(wakeup);
            }
        }
        return wakeups;
    }

    /** Does as {@link #changed} for all files that are polled. */
    List<Long> allChanged() {
        List<Long> wakeups = new ArrayList<>();
        polled.keySet().forEach(node -> wakeups.addAll(changed(node)));
        return wakeups;
    }

    void closeFile(long handle) {
        OpenFile file = files.remove(handle);
        if (file == null) {
            return;
        }
        count.decrementAndGet();
        synchronized (file) {
            bytes.addAndGet(-file.content().length);
        }
        polled.computeIfPresent(file.opened().id(), (node, handles) -> {
            handles.remove(handle);
            return handles.isEmpty() ? null : handles;
        });
    }

    void closeFolder(long handle) {
        if (folders.remove(handle) != null) {
            count.decrementAndGet();
        }
    }

    private void grow(long by) throws FileError {
        if (bytes.addAndGet(by) > BYTES_MAX && by > 0) {
            bytes.addAndGet(-by);
            throw new FileError(FileError.ENOMEM);
        }
    }

    private long number() throws FileError {
        if (count.incrementAndGet() > COUNT_MAX) {
            count.decrementAndGet();
            throw new FileError(FileError.ENFILE);
        }
        return lastHandle.incrementAndGet();
    }
}
