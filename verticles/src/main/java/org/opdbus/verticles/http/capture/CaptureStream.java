// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.capture.CaptureOptions;
import org.opdbus.verticles.capture.CaptureOutput;
import org.opdbus.verticles.capture.CaptureSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One capture for one reader: opens the ports, then the WebSocket, and sends until the reader leaves, the ports are gone or the agent
 * stops. {@link #run} is for a thread of its own, {@link #opened} for the event loop, {@link #end} for any thread.
 */
final class CaptureStream {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureStream.class);
    private static final long PING_MS = TimeUnit.SECONDS.toMillis(30);
    /** A reader that answers no ping in this time is gone, or has stopped reading. */
    private static final long SILENT_NS = TimeUnit.SECONDS.toNanos(100);

    private static final short NORMAL = 1000;

    private final String reader;
    private final Context loop;
    private final WebSocketChannel channel;
    private final CompletableFuture<ServerWebSocket> socket = new CompletableFuture<>();
    private long heardNs;
    private volatile boolean ended;
    private volatile @Nullable CaptureSession session;

    /**
     * Creates a capture.
     *
     * @param reader who reads it, for the log
     */
    CaptureStream(String reader, Context loop) {
        this.reader = reader;
        this.loop = loop;
        channel = new WebSocketChannel(loop);
    }

    /**
     * Captures until the end.
     *
     * @param program what makes the capture, for its reader
     * @param upgrade opens the WebSocket, and then calls {@link #opened} or {@link #end}
     * @throws org.opdbus.verticles.capture.CaptureFailure if a port is missing or the filter is wrong
     * @throws IOException if the kernel refuses
     */
    void run(CaptureOptions options, String program, Runnable upgrade) throws IOException {
        try (CaptureOutput output = CaptureOutput.inHeap(channel);
                CaptureSession opened = CaptureSession.open(options, output, this::say)) {
            session = opened;
            upgrade.run();
            ServerWebSocket to = socket.join();
            channel.to(to);
            say("begins; ports: " + options.ports().size());
            try {
                send(opened, program);
            } finally {
                loop.runOnContext(now -> close(to));
            }
        }
    }

    private void send(CaptureSession opened, String program) throws IOException {
        try {
            if (!ended) {
                opened.run(program);
            }
        } catch (ClosedChannelException left) {
            LOG.debug("the reader {} of a capture has left", reader);
        }
        CaptureSession.Summary summary = opened.summary();
        say("is over: " + summary.captured() + " frames captured, "
                + summary.counts().dropped() + " dropped by the kernel");
    }

    /** The reader has this WebSocket. */
    void opened(ServerWebSocket made) {
        heardNs = System.nanoTime();
        made.pongHandler(answer -> heardNs = System.nanoTime());
        long timer = loop.owner().setPeriodic(PING_MS, now -> ping(made));
        made.exceptionHandler(failure -> LOG.debug("the reader {} of a capture: {}", reader, failure.toString()));
        made.closeHandler(closed -> {
            loop.owner().cancelTimer(timer);
            end();
        });
        socket.complete(made);
    }

    private void ping(ServerWebSocket to) {
        if (System.nanoTime() - heardNs > SILENT_NS) {
            say("ends, because its reader answers no ping");
            end();
            close(to);
        } else {
            to.writePing(Buffer.buffer()).onFailure(failure -> end());
        }
    }

    private void close(ServerWebSocket to) {
        if (!to.isClosed()) {
            to.close(NORMAL).onFailure(failure -> LOG.debug("closing a capture: {}", failure.toString()));
        }
    }

    /** Leaves out the connections of other captures, which are not the same as before. */
    void leaveOutOthers() {
        CaptureSession open = session;
        if (open != null && !ended) {
            open.leaveOutOthers();
        }
    }

    /** Ends the capture at once. */
    void end() {
        ended = true;
        channel.close();
        socket.completeExceptionally(new ClosedChannelException());
        CaptureSession open = session;
        if (open != null) {
            open.end();
        }
    }

    private void say(String message) {
        LOG.info("the capture for {} {}", reader, message);
    }
}
