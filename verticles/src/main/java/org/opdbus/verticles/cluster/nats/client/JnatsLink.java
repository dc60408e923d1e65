// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.ClusterTransport;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.nats.LedgerOutbox;
import org.opdbus.verticles.cluster.nats.NatsEngine;
import org.opdbus.verticles.cluster.nats.NatsLink;
import org.opdbus.verticles.cluster.nats.NatsSettings;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.limits.TaskThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link by jnats. */
final class JnatsLink implements NatsLink {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final long CLOSE_LIMIT_MS = 5_000;
    /** Trust bundles that wait until they are handed over, at once. A dropped one comes again ({@code TrustInbox}). */
    private static final int BUNDLES_MAX = 64;

    private static final long BUNDLES_BYTES_MAX = 2L * IncomingBytes.MESSAGE_MAX;

    private final Connection connection;
    private final String self;
    private final Subjects subjects;
    private final PeerWarnings warnings;
    /** For all decisions; it waits for files only. */
    private final TaskThread thread;
    /** Waits for the server. */
    private final TaskThread waiting;

    private final Outlet outlet;
    private final Streams streams;
    private final TrustBucket trust;

    /** For the thread. */
    private @Nullable NatsTransport transport;

    /**
     * Begins to use a connection.
     *
     * @throws IOException if the connection has ended already
     */
    JnatsLink(Connection connection, NatsSettings settings, NatsEngine.Listener listener, PeerWarnings warnings)
            throws IOException {
        this.connection = connection;
        this.warnings = warnings;
        self = settings.host();
        subjects = new Subjects(settings.prefix());
        thread = thread("op-dbus-nats");
        waiting = thread("op-dbus-nats-flush");
        outlet = new Outlet(connection, new OutgoingLimit(connection, waiting), warnings);
        streams = new Streams(connection, subjects, settings.servers().size(), thread, warnings, this::streamsAreThere);
        trust = new TrustBucket(
                subjects,
                outlet,
                new StoredMessages(connection, subjects.trustStream()),
                thread,
                listener::trustHeard,
                streams::check);
        Dispatcher bundles = connection.createDispatcher(message -> trust.heard(message.getData()));
        bundles.setPendingLimits(BUNDLES_MAX, BUNDLES_BYTES_MAX);
        var unused = bundles.subscribe(subjects.trust());
        thread.execute(streams::check);
    }

    private TaskThread thread(String name) {
        return new TaskThread(name, e -> warnings.warn("nats task", "a task failed: " + e));
    }

    private void streamsAreThere(boolean isTrustNew) {
        trust.begin(isTrustNew);
        NatsTransport open = transport;
        if (open != null) {
            open.readOn();
        }
    }

    @Override
    public String server() {
        return String.valueOf(connection.getConnectedUrl());
    }

    @Override
    public boolean isUp() {
        return connection.getStatus() == Connection.Status.CONNECTED;
    }

    @Override
    public void publishTrust(String text) {
        thread.execute(() -> trust.publish(text));
    }

    @Override
    public ClusterTransport transport(LedgerOutbox outbox, Supplier<Set<String>> removed) {
        NatsTransport made = new NatsTransport(
                new NatsTransport.Inputs(self, connection, subjects, outlet, thread, warnings, removed, streams::check),
                outbox);
        thread.execute(() -> transport = made);
        return made;
    }

    /** To close TLS, the library writes to the server, which need not read. */
    @Override
    public void close() {
        boolean isClosed = thread.finish(connection::close, CLOSE_LIMIT_MS);
        if (!waiting.finish(() -> {}, CLOSE_LIMIT_MS) || !isClosed) {
            LOG.warn(
                    "cluster: a connection to a NATS server was not closed within {} ms; it is abandoned",
                    CLOSE_LIMIT_MS);
        }
    }
}
