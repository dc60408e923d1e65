// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import org.opdbus.verticles.limits.ByteBudget;

/** The answer to a reader. What is sent and not taken yet counts in the budget of all faces. For the event loop. */
final class ResponseOutput implements ReaderOutput {
    /** A reader that has so many bytes to take gets no more. */
    private static final int QUEUE_BYTES = 16 << 10;

    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final ByteBudget.Share share;
    private boolean isClosed;

    ResponseOutput(HttpServerResponse response, HttpConnection connection, ByteBudget budget, Context loop) {
        this.response = response.setWriteQueueMaxSize(QUEUE_BYTES);
        this.connection = connection;
        share = budget.open(() -> loop.runOnContext(now -> end()));
    }

    /** Runs the first whenever the reader takes more, and the second once, when its connection is closed. */
    void onEvents(Runnable drained, Runnable closed) {
        response.drainHandler(now -> drained.run());
        response.closeHandler(now -> {
            isClosed = true;
            share.close();
            closed.run();
        });
    }

    @Override
    public boolean isFull() {
        return isClosed || response.writeQueueFull();
    }

    @Override
    public void write(Buffer piece) {
        if (isClosed) {
            return;
        }
        if (!share.take(piece.length())) {
            end();
            return;
        }
        // If it fails, the connection is closed, and that is told.
        response.write(piece).onComplete(sent -> share.give(piece.length()));
    }

    @Override
    public void end() {
        isClosed = true;
        connection.close().onComplete(closed -> share.close());
    }
}
