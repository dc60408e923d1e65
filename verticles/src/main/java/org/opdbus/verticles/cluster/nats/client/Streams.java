// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.limits.Backoff;

/**
 * The stream and the two buckets of a cluster. One that is missing is made; one that an operator has made otherwise stays
 * as it is. For the thread of the link, which waits while it makes them.
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
    private final NatsThread thread;
    private final PeerWarnings warnings;
    private final Runnable checked;
    private boolean isDue;
    private int failures;

    /**
     * Makes nothing yet.
     *
     * @param servers how many servers there are
     * @param checked called on the thread each time when all streams were found or made
     */
    Streams(
            Connection connection,
            Subjects subjects,
            int servers,
            NatsThread thread,
            PeerWarnings warnings,
            Runnable checked) {
        this.connection = connection;
        this.subjects = subjects;
        this.thread = thread;
        this.warnings = warnings;
        this.checked = checked;
        replicas = Math.min(REPLICAS_MAX, servers);
    }

    /** Makes those that are missing, now or soon, and again until that succeeds. */
    void check() {
        if (!isDue) {
            isDue = true;
            thread.after(failures == 0 ? 0 : RETRY.delayMs(failures), this::makeMissing);
        }
    }

    private void makeMissing() {
        isDue = false;
        try {
            JetStreamManagement management = connection.jetStreamManagement(
                    JetStreamOptions.builder().requestTimeout(ANSWER_LIMIT).build());
            make(management, entries());
            make(
                    management,
                    bucket(subjects.headsBucket()).ttl(HEADS_LIFE).build().getBackingConfig());
            make(management, bucket(subjects.trustBucket()).build().getBackingConfig());
            failures = 0;
            checked.run();
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            failures++;
            warnings.warn(
                    "nats streams",
                    "the streams of the cluster cannot be made or found on the NATS servers, trying again; hosts that are "
                            + "up show each other their facts meanwhile: " + NatsFailures.of(e));
            check();
        }
    }

    private static void make(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        try {
            var unused = management.addStream(wanted);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NAME_IS_TAKEN) {
                throw e;
            }
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
