// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

/**
 * Answers the kernel's requests. Several threads call it at once; a call must not wait for anything but memory and short file
 * reads, because other callers of the file system wait meanwhile. A method writes its answer to the reply, or takes {@link
 * ReplyBuffer#later()} if it needs longer, or throws.
 */
public interface FileOperations {
    /** Answers with the entry of the folder {@code request.node()}. */
    void lookup(RequestHeader request, String name, ReplyBuffer reply) throws FileError;

    /** Answers with the attributes; {@code handle} is that of an open file, or 0. */
    void attributes(RequestHeader request, long handle, ReplyBuffer reply) throws FileError;

    /** Changes attributes, and answers with all of them. */
    void change(RequestHeader request, AttributeChange change, ReplyBuffer reply) throws FileError;

    /** Answers with the target of a symbolic link. */
    void target(RequestHeader request, ReplyBuffer reply) throws FileError;

    /** Opens a file, and answers with a handle; {@code flags} are those of open(2). */
    void open(RequestHeader request, int flags, ReplyBuffer reply) throws FileError;

    /** Answers with at most {@code size} bytes from {@code offset} on. */
    void read(long handle, long offset, int size, ReplyBuffer reply) throws FileError;

    /** Takes bytes, and answers with how many it took. */
    void write(WriteRequest request, ReplyBuffer reply) throws FileError;

    /** A descriptor of the open file is being closed; an error is what close(2) fails with. */
    void flush(RequestHeader request, long handle, ReplyBuffer reply) throws FileError;

    /** No descriptor of the open file is left. */
    void release(long handle);

    /** Opens a folder, and answers with a handle. */
    void openFolder(RequestHeader request, ReplyBuffer reply) throws FileError;

    /**
     * Writes the entries after {@code position} that fit.
     *
     * @param withAttributes whether the kernel wants to know the entries' attributes, too
     */
    void readFolder(long handle, long position, boolean withAttributes, ReplyBuffer reply) throws FileError;

    /** No descriptor of the open folder is left. */
    void releaseFolder(long handle);

    /** Answers with what poll(2) says of an open file; {@code wakeup} names it in a notification, or is 0. */
    void poll(RequestHeader request, long handle, long wakeup, ReplyBuffer reply) throws FileError;

    /**
     * Makes an entry in the folder {@code request.node()}, and answers with it.
     *
     * @param mode its type, as stat(2) has it
     */
    void make(RequestHeader request, String name, int mode, ReplyBuffer reply) throws FileError;

    /** Removes the entry of the folder {@code request.node()}. */
    void remove(RequestHeader request, String name) throws FileError;
}
