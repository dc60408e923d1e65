// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.util.Optional;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.wire.AttributeChange;
import org.opdbus.verticles.fuse.wire.FileError;
import org.opdbus.verticles.fuse.wire.LaterReply;
import org.opdbus.verticles.fuse.wire.ReplyBuffer;
import org.opdbus.verticles.fuse.wire.RequestHeader;
import org.opdbus.verticles.fuse.wire.WriteRequest;

/** Turns what programs do to write a file into requests to the tree. Any thread may call it. */
final class FileWrites {
    private final FileAccess access;
    private final OpenFiles openFiles;

    FileWrites(FileAccess access, OpenFiles openFiles) {
        this.access = access;
        this.openFiles = openFiles;
    }

    /** As {@link org.opdbus.verticles.fuse.wire.FileOperations#write} says. */
    void write(WriteRequest request, ReplyBuffer reply) throws FileError {
        OpenWrite write = openFiles.file(request.handle()).write().orElseThrow(() -> new FileError(FileError.EBADF));
        int count = request.data().remaining();
        Optional<byte[]> whole = write.put(request.offset(), request.data());
        if (whole.isEmpty()) {
            reply.written(count);
            return;
        }
        LaterReply later = reply.later();
        write.ask(whole.get(), request.header(), later, () -> later.written(count));
    }

    /** As {@link org.opdbus.verticles.fuse.wire.FileOperations#flush} says. */
    void flush(RequestHeader request, long handle, ReplyBuffer reply) throws FileError {
        Optional<OpenWrite> write = openFiles.file(handle).write();
        Optional<byte[]> whole = write.flatMap(OpenWrite::close);
        if (write.isPresent() && whole.isPresent()) {
            LaterReply later = reply.later();
            write.get().ask(whole.get(), request, later, later::done);
        } else if (!access.writable()) {
            throw new FileError(FileError.ENOSYS);
        }
    }

    /** Programs that write a file empty it first, and some set its times; neither is a request to the tree. */
    void check(AttributeChange change, Node node) throws FileError {
        if (!access.writable()) {
            throw new FileError(FileError.EROFS);
        }
        boolean isOther = change.is(AttributeChange.MODE | AttributeChange.UID | AttributeChange.GID);
        boolean isCut = change.is(AttributeChange.SIZE) && change.size() != 0;
        if (isOther || isCut || !access.canWrite(node)) {
            throw new FileError(FileError.EPERM);
        }
    }
}
