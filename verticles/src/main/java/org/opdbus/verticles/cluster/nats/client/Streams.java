// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.limits.Backoff;
import org.opdbus.verticles.limits.TaskThread;

/**
 * The stream and the two buckets of a cluster. One that is missing is made; one that an operator has made otherwise stays
 * as it is. For the thread of the link.
 */
final class Streams {
    /**
     * Limits each host by itself, so that no host pushes out the entries of another one. What a stream does not hold any
     * more is asked of the host.
     */
    private static final int MESSAGES_OF_A_HOST_MAX = 4_096;

    /** The head of a host that is away is of use to hosts that were away meanwhile, but not for ever. */
    private static final Duration HEADS_LIFE = Duration.ofDays(7);

    private static final int REPLICAS_MAX = 3;
    private static final int NAME_IS_TAKEN = 10058;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final Backoff RETRY = new Backoff(500, 30_000);

    private final Connection connection;
    private final Subjects subjects;
    private final int replicas;
    private final TaskThread thread;
    private final PeerWarnings warnings;
    private final Consumer<Boolean> checked;
    private boolean isDue;
    private int attempts;

    /**
     * Makes nothing yet.
     *
     * @param servers how many servers there are
     * @param checked called on the thread each time when all streams are there: with true if this host has just made the
     * bucket of the trust bundle
     */
    Streams(
            Connection connection,
            Subjects subjects,
            int servers,
            TaskThread thread,
            PeerWarnings warnings,
            Consumer<Boolean> checked) {
        this.connection = connection;
        this.subjects = subjects;
        this.thread = thread;
        this.warnings = warnings;
        this.checked = checked;
        replicas = Math.min(REPLICAS_MAX, servers);
    }

    /** Makes those that are missing: at once for the first time, later soon, and again until that succeeds. */
    void check() {
        if (!isDue) {
            isDue = true;
            var unused = thread.after(attempts == 0 ? 0 : RETRY.delayMs(attempts), this::makeMissing);
            attempts++;
        }
    }

    private void makeMissing() {
        StreamConfiguration heads =
                bucket(subjects.headsBucket()).ttl(HEADS_LIFE).build().getBackingConfig();
        StreamConfiguration trust = bucket(subjects.trustBucket()).build().getBackingConfig();
        var unused = make(entries())
                .thenCompose(made -> make(heads))
                .thenCompose(made -> make(trust))
                .whenCompleteAsync(this::made, thread);
    }

    private void made(@Nullable Boolean isTrustNew, @Nullable Throwable failure) {
        isDue = false;
        if (failure == null && isTrustNew != null) {
            attempts = 1;
            checked.accept(isTrustNew);
        } else if (connection.getStatus() == Connection.Status.CONNECTED) {
            warnings.warn(
                    "nats streams",
                    "the streams of the cluster cannot be made or found on the NATS servers, trying again; hosts that are up "
                            + "show each other their facts meanwhile: " + NatsFailures.of(failure));
            check();
        }
    }

    /** Returns whether the stream was missing and is there now; fails if it is not there. */
    private CompletableFuture<Boolean> make(StreamConfiguration wanted) {
        byte[] question = wanted.toJson().getBytes(StandardCharsets.UTF_8);
        try {
            return connection
                    .requestWithTimeout(Subjects.create(wanted.getName()), question, ANSWER_LIMIT)
                    .thenCompose(Streams::isMade);
        } catch (IllegalStateException | IllegalArgumentException ended) {
            // Or the server says that it takes no question of this size.
            return CompletableFuture.failedFuture(ended);
        }
    }

    /** Reads an answer: whether the stream was missing; fails with an {@link IOException} if it is not there. */
    static CompletableFuture<Boolean> isMade(@Nullable Message answer) {
        try {
            JsonObject json = Buffer.buffer(answer == null ? new byte[0] : answer.getData())
                    .toJsonObject();
            JsonObject error = json.getJsonObject("error");
            if (error == null) {
                return CompletableFuture.completedFuture(json.getBoolean("did_create", false));
            }
            return error.getInteger("err_code", 0) == NAME_IS_TAKEN
                    ? CompletableFuture.completedFuture(false)
                    : CompletableFuture.failedFuture(new IOException(error.getString("description")));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new IOException("the answer of the server cannot be read", e));
        }
    }

    private StreamConfiguration entries() {
        return StreamConfiguration.builder()
                .name(subjects.entriesStream())
                .subjects(subjects.allEntries())
                .storageType(StorageType.File)
                .replicas(replicas)
                .maxMessagesPerSubject(MESSAGES_OF_A_HOST_MAX)
                .allowDirect(true)
                .build();
    }

    private KeyValueConfiguration.Builder bucket(String name) {
        return KeyValueConfiguration.builder()
                .name(name)
                .maxHistoryPerKey(1)
                .storageType(StorageType.File)
                .replicas(replicas);
    }
}
