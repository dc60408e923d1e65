// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.opdbus.verticles.fuse.tree.RefusedWriteException;
import org.opdbus.verticles.fuse.tree.WritableFile;
import org.opdbus.verticles.fuse.tree.WritableFile.Takes;
import org.opdbus.verticles.fuse.tree.WritableFile.Writer;
import org.opdbus.verticles.fuse.wire.FileError;
import org.opdbus.verticles.fuse.wire.LaterReply;
import org.opdbus.verticles.fuse.wire.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an opener writes to a file, until it is a whole request. Several threads may use it. */
final class OpenWrite {
    private static final Logger LOG = LoggerFactory.getLogger(OpenWrite.class);

    private final WritableFile file;
    private byte[] bytes = new byte[0];
    private boolean isWritten;

    OpenWrite(WritableFile file) {
        this.file = file;
    }

    /** Takes bytes. Returns the request that they are, if they are a whole one by themselves. */
    synchronized Optional<byte[]> put(long offset, ByteBuffer data) throws FileError {
        boolean whole = file.takes() == Takes.EACH_WRITE;
        if (offset > (whole ? 0 : bytes.length)) {
            throw new FileError(FileError.EINVAL);
        }
        long end = offset + data.remaining();
        if (end > file.bytesMax()) {
            throw new FileError(FileError.EFBIG);
        }
        if (whole) {
            byte[] request = new byte[data.remaining()];
            data.get(request);
            return Optional.of(request);
        }
        int count = data.remaining();
        bytes = Arrays.copyOf(bytes, (int) Math.max(bytes.length, end));
        data.get(bytes, (int) offset, count);
        isWritten = true;
        return Optional.empty();
    }

    /** Returns the request that is due because a descriptor is closed; empty if nothing was written since the last. */
    synchronized Optional<byte[]> close() {
        if (!isWritten) {
            return Optional.empty();
        }
        isWritten = false;
        byte[] request = bytes;
        bytes = new byte[0];
        return Optional.of(request);
    }

    /** Asks the tree for the change, and replies when it is made or refused. */
    void ask(byte[] request, RequestHeader who, LaterReply reply, Runnable done) {
        Writer writer = new Writer(Integer.toUnsignedLong(who.uid()), who.pid());
        // It ends by itself, and is not to be stopped half-way when the file system is unmounted.
        file.write(request, writer)
                .subscribe(done::run, failure -> reply.failed(errno(failure)))
                .isDisposed();
    }

    private static int errno(Throwable failure) {
        if (failure instanceof RefusedWriteException refusal) {
            return switch (refusal.reason()) {
                case INVALID -> FileError.EINVAL;
                case CHANGED -> FileError.EAGAIN;
                case NOT_PERMITTED -> FileError.EPERM;
                case FAILED -> FileError.EIO;
            };
        }
        LOG.error("fuse=defect: a write", failure);
        return FileError.EIO;
    }
}
