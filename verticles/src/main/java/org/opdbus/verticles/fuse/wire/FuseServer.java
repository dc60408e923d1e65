// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/**
 * Answers the requests of one mount with threads of its own, until the kernel ends the connection: the file system is unmounted
 * and no file of it is open any longer, or the connection was aborted.
 */
public final class FuseServer {
    /** How the server is to work. */
    public interface Settings {
        /** Returns how long the kernel keeps what it is not told to forget. */
        int validSeconds();

        /** Returns whether files can be written. */
        boolean writable();

        /** Hears of a defect of the operations; may be called by several threads. */
        void failed(RequestHeader request, RuntimeException cause);
    }

    /** A slow read must not hold up the others. */
    private static final int THREADS = 4;
    /** FUSE_MIN_READ_BUFFER. */
    private static final int READ_BYTES_MIN = 8192;

    private static final int WRITE_BYTES_MIN = 4096;
    /** The kernel looks every 15 seconds, and takes less for 15. */
    private static final int ANSWER_SECONDS = 15;
    /** A write can ask for containers to be made. */
    private static final int ANSWER_SECONDS_OF_WRITES = 1_800;

    private final FuseDevice device;
    private final Settings settings;
    private final RequestDispatcher dispatcher;
    private final int requestBytesMax;
    private final AtomicInteger running = new AtomicInteger(THREADS);
    private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();

    public FuseServer(FuseDevice device, FileOperations operations, Settings settings) {
        this.device = device;
        this.settings = settings;
        int writeBytesMax = settings.writable() ? ReplyBuffer.DATA_BYTES_MAX : WRITE_BYTES_MIN;
        requestBytesMax = Math.max(READ_BYTES_MIN, writeBytesMax + WRITE_BYTES_MIN);
        RequestDispatcher.Limits limits = new RequestDispatcher.Limits(
                writeBytesMax, settings.writable() ? ANSWER_SECONDS_OF_WRITES : ANSWER_SECONDS);
        dispatcher = new RequestDispatcher(operations, limits, device::reply, settings::failed);
    }

    /** Starts to answer; the device must be mounted already, or be mounted soon. */
    public void start() {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::serve, "op-dbus-fuse-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Completes when the connection has ended, with what is to be said if that was no unmount and no abort; never fails. The owner
     * must then unmount what is still mounted.
     */
    public CompletableFuture<Optional<String>> ended() {
        return end.copy();
    }

    private void serve() {
        Optional<String> failure = Optional.of("a thread that answers requests has died");
        try {
            failure = answerAll();
        } catch (MalformedRequestException malformed) {
            failure = Optional.of("the kernel sent what is no request: " + malformed.getMessage());
        } finally {
            if (running.decrementAndGet() == 0) {
                device.close();
            }
            end.complete(failure);
        }
    }

    private Optional<String> answerAll() throws MalformedRequestException {
        ByteBuffer request = ByteBuffer.allocateDirect(requestBytesMax).order(ByteOrder.nativeOrder());
        ReplyBuffer reply = new ReplyBuffer(settings.validSeconds());
        while (true) {
            long count = device.read(request.clear());
            if (count < 0) {
                Errno errno = LibC.errno();
                if (isOver(errno)) {
                    return errno == Errno.ENODEV || errno == Errno.ECONNABORTED
                            ? Optional.empty()
                            : Optional.of("cannot read /dev/fuse: " + errno.description());
                }
                continue;
            }
            Optional<ByteBuffer> answer = dispatcher.answer(request.limit((int) count), reply);
            if (answer.isPresent() && device.write(answer.get()) < 0 && LibC.errno() == Errno.EINVAL) {
                // The kernel does not take this reply and waits for another.
                device.write(reply.failed(FileError.EIO, request.getLong(8)));
            }
        }
    }

    /** fuse(4), "Errors": some mean only that this request is gone. */
    private static boolean isOver(Errno errno) {
        return errno != Errno.EINTR && errno != Errno.EAGAIN && errno != Errno.ENOENT;
    }
}
