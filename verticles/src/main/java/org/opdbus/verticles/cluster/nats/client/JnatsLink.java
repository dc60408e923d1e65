// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.PublishOptions;
import io.nats.client.impl.Headers;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.ClusterTransport;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.nats.LedgerOutbox;
import org.opdbus.verticles.cluster.nats.NatsEngine;
import org.opdbus.verticles.cluster.nats.NatsLink;
import org.opdbus.verticles.cluster.nats.NatsSettings;
import org.opdbus.verticles.cluster.nats.Subjects;

/** A link by jnats. */
final class JnatsLink implements NatsLink {
    private final Connection connection;
    private final String self;
    private final Subjects subjects;
    private final NatsEngine.Listener listener;
    private final PeerWarnings warnings;
    private final NatsThread thread = new NatsThread();
    private final Outlet outlet;
    private final Streams streams;
    private final StoredMessages storedTrust;

    /** For the thread. */
    private @Nullable NatsTransport transport;

    private @Nullable String trust;
    private boolean isTrustRead;

    /**
     * Begins to use a connection.
     *
     * @throws IOException if the connection has ended already
     */
    JnatsLink(Connection connection, NatsSettings settings, NatsEngine.Listener listener, PeerWarnings warnings)
            throws IOException {
        this.connection = connection;
        this.listener = listener;
        this.warnings = warnings;
        self = settings.host();
        subjects = new Subjects(settings.prefix());
        outlet = new Outlet(connection, new OutgoingLimit(connection, subjects, self), warnings);
        streams = new Streams(connection, subjects, settings.servers().size(), thread, warnings, this::streamsAreThere);
        storedTrust = new StoredMessages(connection, subjects.trustStream());
        Dispatcher dispatcher = connection.createDispatcher(message -> hear(Buffer.buffer(message.getData())));
        dispatcher.subscribe(subjects.trust());
        thread.execute(streams::check);
    }

    private void hear(Buffer bundle) {
        listener.trustHeard(bundle.toString(StandardCharsets.UTF_8));
    }

    private void streamsAreThere() {
        if (!isTrustRead) {
            var unused = storedTrust.last(subjects.trust()).whenCompleteAsync(this::trustRead, thread);
        } else if (trust != null) {
            // The bucket may be new.
            show(trust);
        }
        NatsTransport open = transport;
        if (open != null) {
            open.readOn();
        }
    }

    private void trustRead(@Nullable Optional<StoredMessages.Stored> last, @Nullable Throwable failure) {
        if (failure != null || last == null) {
            streams.check();
            return;
        }
        isTrustRead = true;
        last.ifPresent(stored -> hear(stored.data()));
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
        thread.execute(() -> {
            trust = text;
            show(text);
        });
    }

    private void show(String text) {
        var unused = outlet.store(
                        subjects.trust(),
                        new Headers(),
                        Buffer.buffer(text),
                        PublishOptions.builder().build())
                .whenCompleteAsync(
                        (kept, failure) -> {
                            if (failure != null) {
                                streams.check();
                            }
                        },
                        thread);
    }

    @Override
    public ClusterTransport transport(LedgerOutbox outbox) {
        NatsTransport made = new NatsTransport(
                new NatsTransport.Inputs(self, connection, subjects, outlet, thread, warnings, streams::check), outbox);
        thread.execute(() -> transport = made);
        return made;
    }

    @Override
    public void close() {
        thread.close();
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
