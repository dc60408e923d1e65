// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.nats.Subjects;

/**
 * Limits the bytes on their way to the server. The library counts only messages, and says of none that it was written; so
 * a request to a subject without listeners follows what was sent, and the server's answer to it shows that all before it
 * has arrived. Safe for use by any thread.
 */
final class OutgoingLimit {
    private static final long BYTES_MAX = 8L << 20;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final String toNobody;
    private long sent;
    private long arrived;
    private boolean isAsking;

    OutgoingLimit(Connection connection, Subjects subjects, String self) {
        this.connection = connection;
        toNobody = subjects.toNobody(self);
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
        if (!isAsking && sent > arrived) {
            long mark = sent;
            try {
                CompletableFuture<Message> asked = connection.requestWithTimeout(toNobody, NOTHING, ANSWER_LIMIT);
                isAsking = true;
                var unused = asked.whenComplete((answer, failure) -> answered(mark, failure));
            } catch (IllegalStateException ended) {
                // Nothing is sent on this connection any more.
                sent = mark;
            }
        }
    }

    private synchronized void answered(long mark, @Nullable Throwable failure) {
        isAsking = false;
        // That it has no listeners is the answer; anything else, as a time-out, shows nothing.
        if (failure instanceof JetStreamStatusException) {
            arrived = Math.max(arrived, mark);
        }
        if (connection.getStatus() == Connection.Status.CONNECTED) {
            given();
        }
    }
}
