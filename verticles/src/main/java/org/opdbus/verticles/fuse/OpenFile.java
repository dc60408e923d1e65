// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.util.Optional;
import org.opdbus.verticles.fuse.tree.Node.TextFile;

/** One state of a file's content, as one opener sees it. Several threads may use it. */
final class OpenFile {
    private final TextFile opened;
    private final Optional<OpenWrite> write;
    private byte[] content;
    private boolean read;
    private boolean changed;
    private long wakeup;

    OpenFile(TextFile opened, byte[] content, Optional<OpenWrite> write) {
        this.opened = opened;
        this.content = content;
        this.write = write;
    }

    /** Returns what the opener writes, if it may write. */
    Optional<OpenWrite> write() {
        return write;
    }

    /** Returns the file as it was when it was opened. */
    TextFile opened() {
        return opened;
    }

    synchronized byte[] content() {
        return content;
    }

    /** The opener reads from the beginning; returns whether it did so before. */
    synchronized boolean isReadAgain() {
        boolean again = read;
        read = true;
        return again;
    }

    /** Replaces the content by that of now; returns how many bytes longer it is. */
    synchronized int refresh(byte[] now) {
        int growth = now.length - content.length;
        content = now;
        changed = false;
        return growth;
    }

    synchronized boolean isChanged() {
        return changed;
    }

    /** Remembers that the opener waits for a change and how the kernel calls this; 0 leaves it as it is. */
    synchronized void awaitChange(long kernelsWakeup) {
        if (kernelsWakeup != 0) {
            wakeup = kernelsWakeup;
        }
    }

    /** The content is another one now; returns whom to wake, or 0. */
    synchronized long change() {
        changed = true;
        return wakeup;
    }
}
