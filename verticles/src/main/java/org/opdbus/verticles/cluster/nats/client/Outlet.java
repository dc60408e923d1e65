// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.cluster.limits.PeerWarnings;

/**
 * Hands messages to the connection, within a limit, and drops those that it does not take. It never waits. Safe for use by
 * any thread.
 */
final class Outlet {
    private static final long ACKNOWLEDGEMENT_LIMIT_MS = 5_000;

    private final Connection connection;
    private final JetStream streams;
    private final OutgoingLimit limit;
    private final PeerWarnings warnings;

    Outlet(Connection connection, OutgoingLimit limit, PeerWarnings warnings) throws IOException {
        this.connection = connection;
        this.limit = limit;
        this.warnings = warnings;
        streams = connection.jetStream();
    }

    /** Returns whether the connection works; one that has ended stays ended. */
    boolean isOpen() {
        return connection.getStatus() == Connection.Status.CONNECTED;
    }

    /** Publishes a message that no stream keeps. */
    void publish(String subject, Buffer message) {
        if (limit.begin(message.length())) {
            try {
                connection.publish(subject, message.getBytes());
                limit.given();
            } catch (IllegalStateException | IllegalArgumentException e) {
                refused(e);
            }
        } else {
            warnings.warn("nats slow", "messages are dropped, because the NATS server does not take them in time");
        }
    }

    /**
     * Publishes a message that a stream keeps.
     *
     * @return whether it was kept; fails if that is not known within some seconds
     */
    CompletableFuture<PublishAck> store(String subject, Headers headers, Buffer message, PublishOptions options) {
        if (!limit.begin(message.length())) {
            return CompletableFuture.failedFuture(new IOException("the NATS server does not take messages in time"));
        }
        try {
            CompletableFuture<PublishAck> kept = streams.publishAsync(subject, headers, message.getBytes(), options)
                    .orTimeout(ACKNOWLEDGEMENT_LIMIT_MS, TimeUnit.MILLISECONDS);
            limit.given();
            return kept;
        } catch (IllegalStateException | IllegalArgumentException e) {
            refused(e);
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The connection has ended, or the message is over the server's limit. */
    private void refused(RuntimeException e) {
        if (isOpen()) {
            warnings.warn("nats refused", "a message cannot be published on NATS: " + e.getMessage());
        }
    }
}
