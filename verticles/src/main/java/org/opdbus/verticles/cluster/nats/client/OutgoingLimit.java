// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * Limits the bytes on their way to the server. The library counts only messages, and says of none that it was written; so a PING
 * follows what was sent now and then, and the server's PONG shows that all before it has arrived. Nobody else can hear or answer
 * that, as a message on a subject could be. Safe for use by any thread.
 */
final class OutgoingLimit {
    private static final long BYTES_MAX = 8L << 20;
    private static final long ASK_FROM_BYTES = BYTES_MAX / 8;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final Connection connection;
    private final Executor waiting;
    private long sent;
    private long arrived;
    private boolean isAsking;

    /**
     * Creates the limit of a connection.
     *
     * @param waiting a thread that may wait for the server
     */
    OutgoingLimit(Connection connection, Executor waiting) {
        this.connection = connection;
        this.waiting = waiting;
    }

    /** Counts a message that will be sent; false if too many bytes are on their way already. */
    synchronized boolean begin(int bytes) {
        if (sent > arrived && sent + bytes - arrived > BYTES_MAX) {
            return false;
        }
        sent += bytes;
        return true;
    }

    /** A message has been given to the connection. */
    synchronized void given() {
        if (!isAsking && sent - arrived >= ASK_FROM_BYTES) {
            isAsking = true;
            long mark = sent;
            waiting.execute(() -> answered(mark, isFlushed()));
        }
    }

    private boolean isFlushed() {
        try {
            connection.flush(ANSWER_LIMIT);
            return true;
        } catch (TimeoutException | IllegalStateException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void answered(long mark, boolean isFlushed) {
        isAsking = false;
        if (isFlushed) {
            arrived = Math.max(arrived, mark);
        }
        // On a connection that has ended nothing is sent any more.
        if (connection.getStatus() == Connection.Status.CONNECTED) {
            given();
        }
    }
}
