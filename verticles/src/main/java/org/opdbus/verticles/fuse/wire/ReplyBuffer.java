// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One reply after another, in memory that the kernel reads directly. Belongs to one thread. Grows to what a request may ask for,
 * {@link #DATA_BYTES_MAX}, and never beyond.
 */
public final class ReplyBuffer {
    /** The most bytes that one request may ask for: 32 pages, the kernel's own limit without FUSE_MAX_PAGES. */
    static final int DATA_BYTES_MAX = 32 * 4096;

    static final int HEADER_BYTES = 16;
    /** Of {@code struct fuse_dirent} without the name. */
    private static final int ENTRY_BYTES = 24;
    /** Of {@code struct fuse_entry_out}. */
    private static final int NODE_BYTES = 128;

    private static final int FIRST_BYTES = 8192;
    private static final int STATFS_BYTES = 80;
    private static final int STATFS_BLOCK_BYTES_AT = 40;

    private final int validSeconds;
    private ByteBuffer bytes = allocate(FIRST_BYTES);
    private int folderBytesMax;
    private Optional<Supplier<LaterReply>> later = Optional.empty();
    private boolean isLater;

    /** Makes one that tells the kernel to keep attributes and entries for this long, unless it is told of a change. */
    public ReplyBuffer(int validSeconds) {
        this.validSeconds = validSeconds;
    }

    /** An entry, or the one that was made. */
    public void entry(NodeAttributes node) {
        room(NODE_BYTES);
        putEntry(node);
    }

    /** The attributes of the request's node. */
    public void attributes(NodeAttributes node) {
        bytes.putLong(validSeconds).putInt(0).putInt(0);
        node.write(bytes);
    }

    /** An open file or folder; the flags are {@code FOPEN_*}. */
    public void opened(long handle, int flags) {
        bytes.putLong(handle).putInt(flags).putInt(0);
    }

    /** Bytes of a file, or the target of a symbolic link. */
    public void data(byte[] from, int offset, int count) {
        room(count);
        bytes.put(from, offset, count);
    }

    /** How many bytes were written. */
    public void written(int count) {
        bytes.putInt(count).putInt(0);
    }

    /** What poll(2) shows. */
    public void ready(int events) {
        bytes.putInt(events).putInt(0);
    }

    /** Adds an entry to the list of a folder; returns false, and adds nothing, if it does not fit into this reply. */
    public boolean listed(String name, long id, int type, long nextPosition) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        if (!fits(ENTRY_BYTES + text.length)) {
            return false;
        }
        putListed(text, id, type, nextPosition);
        return true;
    }

    /** Does as {@link #listed(String, long, int, long)}, and tells the attributes, too, for READDIRPLUS. */
    public boolean listed(String name, NodeAttributes node, long nextPosition) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        if (!fits(NODE_BYTES + ENTRY_BYTES + text.length)) {
            return false;
        }
        putEntry(node);
        putListed(text, node.id(), node.mode(), nextPosition);
        return true;
    }

    /** Does the same for an entry that the kernel must not take for a node of its own, such as "..". */
    public boolean listedWithoutNode(String name, long id, long nextPosition) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        if (!fits(NODE_BYTES + ENTRY_BYTES + text.length)) {
            return false;
        }
        bytes.put(new byte[NODE_BYTES]);
        putListed(text, id, NodeAttributes.FOLDER, nextPosition);
        return true;
    }

    /** The size of the file system: none, as of those that are made when read. */
    void statistics() {
        int start = bytes.position();
        bytes.put(new byte[STATFS_BYTES]);
        bytes.putInt(start + STATFS_BLOCK_BYTES_AT, 4096);
        bytes.putInt(start + STATFS_BLOCK_BYTES_AT + 4, RequestBody.NAME_BYTES_MAX);
        bytes.putInt(start + STATFS_BLOCK_BYTES_AT + 8, 4096);
    }

    /** Leaves the reply to be given later, by another thread; nothing else may be written to it. */
    public LaterReply later() {
        LaterReply reply = later.orElseThrow().get();
        isLater = true;
        return reply;
    }

    boolean isLater() {
        return isLater;
    }

    /** Begins the reply to another request. */
    void begin(Supplier<LaterReply> makesLater) {
        begin();
        later = Optional.of(makesLater);
        isLater = false;
    }

    private void begin() {
        bytes.clear().position(HEADER_BYTES);
        folderBytesMax = 0;
    }

    /** Begins the list of a folder, which may take this many bytes. */
    void beginFolder(int bytesMax) {
        folderBytesMax = Math.max(0, Math.min(bytesMax, DATA_BYTES_MAX));
    }

    /** Returns the place for a reply of another form, of at most some hundred bytes. */
    ByteBuffer raw() {
        return bytes;
    }

    /** Returns the finished reply. */
    ByteBuffer done(long unique) {
        return finish(0, unique);
    }

    /** Returns a reply that is nothing but the error. */
    ByteBuffer failed(int errno, long unique) {
        begin();
        return finish(-errno, unique);
    }

    private ByteBuffer finish(int error, long unique) {
        bytes.putInt(0, bytes.position()).putInt(4, error).putLong(8, unique);
        return bytes.flip();
    }

    private boolean fits(int count) {
        int padded = (count + 7) & ~7;
        if (bytes.position() - HEADER_BYTES + padded > folderBytesMax) {
            return false;
        }
        room(padded);
        return true;
    }

    private void putEntry(NodeAttributes node) {
        bytes.putLong(node.id()).putLong(0).putLong(validSeconds).putLong(validSeconds);
        bytes.putInt(0).putInt(0);
        node.write(bytes);
    }

    private void putListed(byte[] name, long id, int type, long nextPosition) {
        bytes.putLong(id).putLong(nextPosition).putInt(name.length).putInt((type & NodeAttributes.TYPE) >> 12);
        bytes.put(name);
        while ((bytes.position() & 7) != 0) {
            bytes.put((byte) 0);
        }
    }

    private void room(int count) {
        if (bytes.remaining() >= count) {
            return;
        }
        if (bytes.position() + count > HEADER_BYTES + DATA_BYTES_MAX) {
            throw new IllegalStateException("a reply of " + (bytes.position() + (long) count) + " bytes");
        }
        ByteBuffer larger = allocate(HEADER_BYTES + DATA_BYTES_MAX);
        larger.put(bytes.flip());
        bytes = larger;
    }

    private static ByteBuffer allocate(int count) {
        return ByteBuffer.allocateDirect(count).order(ByteOrder.nativeOrder());
    }
}
