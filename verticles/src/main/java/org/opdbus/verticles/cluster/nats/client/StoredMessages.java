// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.nats.Subjects;

/**
 * Reads single messages of a stream by requests that any server with a replica answers, so also one that has no quorum.
 * Safe for use by any thread.
 */
final class StoredMessages {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final int NOT_FOUND = 404;

    private final Connection connection;
    private final String subject;

    /**
     * A message of a stream.
     *
     * @param sequence its number in the stream, from 1 on
     */
    record Stored(long sequence, Headers headers, Buffer data) {
        /** Returns the subject on which it was published. */
        String subject() {
            return String.valueOf(headers.getFirst("Nats-Subject"));
        }
    }

    StoredMessages(Connection connection, String stream) {
        this.connection = connection;
        subject = Subjects.read(stream);
    }

    /** Returns the last message on a subject; empty if there is none. */
    CompletableFuture<Optional<Stored>> last(String on) {
        return read(new JsonObject().put("last_by_subj", on));
    }

    /** Returns the first message on a subject, which may have wildcards, from a sequence on; empty if there is none. */
    CompletableFuture<Optional<Stored>> next(long sequence, String on) {
        return read(new JsonObject().put("seq", sequence).put("next_by_subj", on));
    }

    private CompletableFuture<Optional<Stored>> read(JsonObject question) {
        try {
            return connection
                    .requestWithTimeout(subject, question.encode().getBytes(StandardCharsets.UTF_8), ANSWER_LIMIT)
                    .thenCompose(StoredMessages::stored);
        } catch (IllegalStateException | IllegalArgumentException ended) {
            // Or the server says that it takes no question of this size.
            return CompletableFuture.failedFuture(ended);
        }
    }

    /** Reads an answer; fails with an {@link IOException} if it is none. */
    static CompletableFuture<Optional<Stored>> stored(@Nullable Message answer) {
        if (answer == null) {
            return failed("no server answers");
        }
        if (answer.isStatusMessage()) {
            return answer.getStatus().getCode() == NOT_FOUND
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : failed(answer.getStatus().getMessageWithCode());
        }
        try {
            Headers headers = answer.getHeaders();
            long sequence = Long.parseLong(String.valueOf(headers == null ? null : headers.getFirst("Nats-Sequence")));
            return sequence > 0 && sequence < Long.MAX_VALUE
                    ? CompletableFuture.completedFuture(
                            Optional.of(new Stored(sequence, headers, Buffer.buffer(answer.getData()))))
                    : failed("the answer has no sequence that can be");
        } catch (NumberFormatException e) {
            return failed("the answer has no sequence");
        }
    }

    private static <T> CompletableFuture<T> failed(String why) {
        return CompletableFuture.failedFuture(new IOException(why));
    }
}
