// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.tree;

import io.reactivex.rxjava3.core.Completable;

/**
 * A file that root may write if the mount allows it. What is written never becomes the content by itself: it is a request, and
 * the content changes when the object that the file shows does.
 *
 * <p>The node that was returned at open is the state that the writer has seen. {@link #write} compares with it, so it must be
 * called on that node, however long the file stays open.
 */
public interface WritableFile extends Node.TextFile {
    /** When the written bytes are a whole request. */
    enum Takes {
        /** Each write(2) at offset 0, so that the error of a refusal is the error of that call. A write elsewhere is EINVAL. */
        EACH_WRITE,
        /** All bytes that were written between open and close, at close, if there are any. */
        ALL_AT_CLOSE
    }

    /**
     * The process that writes, as the kernel says.
     *
     * @param pid its number in the namespace of the agent; 0 if it is in none that the agent sees
     */
    record Writer(long uid, long pid) {}

    /** Returns when the written bytes are a whole request. */
    Takes takes();

    /** Returns how many bytes a request may have; more is EFBIG. */
    int bytesMax();

    /**
     * Asks for the change. Nothing happens before the subscription, and nothing blocks. It ends by itself, with a {@link
     * RefusedWriteException} if the change was not made.
     *
     * @param content must not change afterwards
     */
    Completable write(byte[] content, Writer writer);
}
