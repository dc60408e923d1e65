// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Turns a request into the reply to it. Any thread may call it, with a reply buffer of its own.
 *
 * <p>Guarantees that a request gets one reply, or none if the protocol says so, whatever it contains; a failure of the operations
 * is answered with EIO and told.
 */
public final class RequestDispatcher {
    /** Hears what is not the caller's fault. */
    public interface Failures {
        /** The operations failed with what is a defect; the caller got EIO. */
        void failed(RequestHeader request, RuntimeException cause);
    }

    /**
     * What the kernel is told.
     *
     * @param writeBytesMax the most bytes of content in one request
     * @param answerSeconds how long the kernel waits for a reply before it ends the connection
     */
    public record Limits(int writeBytesMax, int answerSeconds) {}

    private final FileOperations operations;
    private final ProtocolVersion version;
    private final Failures failures;
    private final Consumer<ByteBuffer> laterReplies;
    /** The replies that are to be given later, by what they repeat of the request. */
    private final Map<Long, LaterReply> later = new ConcurrentHashMap<>();

    private volatile boolean begun;

    /** Makes one that passes on the replies that come later. */
    public RequestDispatcher(
            FileOperations operations, Limits limits, Consumer<ByteBuffer> laterReplies, Failures failures) {
        this.operations = operations;
        this.version = new ProtocolVersion(limits);
        this.laterReplies = laterReplies;
        this.failures = failures;
    }

    /**
     * Answers one request.
     *
     * @return the reply; empty if the kernel expects none
     * @throws MalformedRequestException if the header cannot be read, so that no reply can be addressed
     */
    public Optional<ByteBuffer> answer(ByteBuffer request, ReplyBuffer reply) throws MalformedRequestException {
        RequestHeader header = RequestHeader.read(request);
        switch (header.opcode()) {
            case Opcode.FORGET, Opcode.BATCH_FORGET, Opcode.NOTIFY_REPLY -> {
                return Optional.empty();
            }
            case Opcode.INTERRUPT -> {
                interrupt(new RequestBody(request));
                return Optional.empty();
            }
            default -> {
                ByteBuffer message = reply(header, new RequestBody(request), reply);
                return reply.isLater() ? Optional.empty() : Optional.of(message);
            }
        }
    }

    private ByteBuffer reply(RequestHeader header, RequestBody body, ReplyBuffer reply) {
        reply.begin(() -> later(header.unique()));
        try {
            if (header.opcode() == Opcode.INIT) {
                begin(body, reply);
            } else if (begun) {
                entries(header, body, reply);
            } else {
                throw new FileError(FileError.EIO);
            }
            return reply.done(header.unique());
        } catch (FileError error) {
            return reply.failed(error.errno(), header.unique());
        } catch (MalformedRequestException malformed) {
            return reply.failed(FileError.EINVAL, header.unique());
        } catch (RuntimeException failure) {
            failures.failed(header, failure);
            return reply.failed(FileError.EIO, header.unique());
        }
    }

    private LaterReply later(long unique) {
        LaterReply reply = new LaterReply(unique, laterReplies, () -> later.remove(unique));
        later.put(unique, reply);
        return reply;
    }

    /** The caller has got a signal. What it asked for goes on, but the caller need not wait for it. */
    private void interrupt(RequestBody body) throws MalformedRequestException {
        LaterReply reply = later.get(body.longNumber());
        if (reply != null) {
            reply.failed(FileError.EINTR);
        }
    }

    private synchronized void begin(RequestBody body, ReplyBuffer reply) throws MalformedRequestException, FileError {
        if (begun) {
            throw new FileError(FileError.EIO);
        }
        begun = version.agree(body, reply);
    }

    private void entries(RequestHeader header, RequestBody body, ReplyBuffer reply)
            throws MalformedRequestException, FileError {
        switch (header.opcode()) {
            case Opcode.LOOKUP -> operations.lookup(header, body.name(), reply);
            case Opcode.GETATTR -> attributes(header, body, reply);
            case Opcode.SETATTR -> change(header, body, reply);
            case Opcode.READLINK -> operations.target(header, reply);
            case Opcode.SYMLINK -> operations.make(header, body.name(), NodeAttributes.SYMBOLIC_LINK, reply);
            case Opcode.MKNOD -> makeNode(header, body, reply);
            case Opcode.MKDIR -> {
                body.skip(2 * Integer.BYTES);
                operations.make(header, body.name(), NodeAttributes.FOLDER, reply);
            }
            case Opcode.UNLINK, Opcode.RMDIR -> operations.remove(header, body.name());
            case Opcode.STATFS -> reply.statistics();
            case Opcode.DESTROY -> {}
            default -> files(header, body, reply);
        }
    }

    private void files(RequestHeader header, RequestBody body, ReplyBuffer reply)
            throws MalformedRequestException, FileError {
        switch (header.opcode()) {
            case Opcode.OPEN -> operations.open(header, body.number(), reply);
            case Opcode.READ -> {
                long handle = body.longNumber();
                long offset = body.longNumber();
                int size = Math.max(0, Math.min(body.number(), ReplyBuffer.DATA_BYTES_MAX));
                if (offset < 0) {
                    throw new FileError(FileError.EINVAL);
                }
                operations.read(handle, offset, size, reply);
            }
            case Opcode.WRITE -> write(header, body, reply);
            case Opcode.FLUSH -> operations.flush(header, body.longNumber(), reply);
            case Opcode.RELEASE -> operations.release(body.longNumber());
            case Opcode.OPENDIR -> operations.openFolder(header, reply);
            case Opcode.READDIR, Opcode.READDIRPLUS -> {
                long handle = body.longNumber();
                long position = body.longNumber();
                reply.beginFolder(body.number());
                operations.readFolder(handle, position, header.opcode() == Opcode.READDIRPLUS, reply);
            }
            case Opcode.RELEASEDIR -> operations.releaseFolder(body.longNumber());
            case Opcode.POLL -> {
                long handle = body.longNumber();
                long wakeup = body.longNumber();
                boolean notify = (body.number() & 1) != 0;
                operations.poll(header, handle, notify ? wakeup : 0, reply);
            }
            // The kernel asks for nothing of this kind again, and does what it does without the file system's help.
            default -> throw new FileError(FileError.ENOSYS);
        }
    }

    private void attributes(RequestHeader header, RequestBody body, ReplyBuffer reply)
            throws MalformedRequestException, FileError {
        boolean hasHandle = (body.number() & 1) != 0;
        body.skip(Integer.BYTES);
        long handle = body.longNumber();
        operations.attributes(header, hasHandle ? handle : 0, reply);
    }

    private void change(RequestHeader header, RequestBody body, ReplyBuffer reply)
            throws MalformedRequestException, FileError {
        int valid = body.number();
        body.skip(Integer.BYTES);
        long handle = body.longNumber();
        long size = body.longNumber();
        operations.change(header, new AttributeChange(valid, handle, size), reply);
    }

    private void makeNode(RequestHeader header, RequestBody body, ReplyBuffer reply)
            throws MalformedRequestException, FileError {
        int type = body.number() & NodeAttributes.TYPE;
        body.skip(3 * Integer.BYTES);
        operations.make(header, body.name(), type, reply);
    }

    private void write(RequestHeader header, RequestBody body, ReplyBuffer reply)
            throws MalformedRequestException, FileError {
        long handle = body.longNumber();
        long offset = body.longNumber();
        int size = body.number();
        body.skip(5 * Integer.BYTES);
        if (offset < 0) {
            throw new FileError(FileError.EINVAL);
        }
        operations.write(new WriteRequest(header, handle, offset, body.data(size)), reply);
    }
}
