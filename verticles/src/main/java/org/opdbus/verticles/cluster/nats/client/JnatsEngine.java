// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.nats.NatsEngine;
import org.opdbus.verticles.cluster.nats.NatsLink;
import org.opdbus.verticles.cluster.nats.NatsSettings;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects by jnats. A connection that ends is not made again by the library, because its owner makes each for the present
 * trust. Loaded by name.
 */
public final class JnatsEngine implements NatsEngine {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(5);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    private static final int PINGS_UNANSWERED_MAX = 3;
    private static final int OUTGOING_MAX = 4_096;

    private final PeerWarnings warnings = new PeerWarnings(System::nanoTime);

    /** Called by name. */
    public JnatsEngine() {}

    @Override
    public NatsLink connect(NatsSettings settings, Listener listener) throws IOException {
        Errors errors = new Errors();
        Options.Builder options = new Options.Builder()
                .servers(settings.servers().toArray(String[]::new))
                .sslContext(settings.tls())
                .connectionName("op-dbus " + settings.host())
                .inboxPrefix(new Subjects(settings.prefix()).inbox(settings.host()))
                .noReconnect()
                .ignoreDiscoveredServers()
                // What this host publishes does not come back to it; of another one with its name it does.
                .noEcho()
                .reportNoResponders()
                .useTimeoutException()
                .connectionTimeout(CONNECT_LIMIT)
                .pingInterval(PING_INTERVAL)
                .maxPingsOut(PINGS_UNANSWERED_MAX)
                .dataPortType(FilteredDataPort.class.getName())
                .socketWriteTimeout(WRITE_LIMIT)
                .maxMessagesInOutgoingQueue(OUTGOING_MAX)
                .discardMessagesWhenOutgoingQueueFull()
                .callbackThreadFactory(work -> named("op-dbus-nats-events", work))
                .connectThreadFactory(work -> named("op-dbus-nats-connect", work))
                .errorListener(errors)
                .connectionListener((connection, event) -> {
                    if (connection.getStatus() != Connection.Status.CONNECTED) {
                        listener.ended();
                    }
                });
        if (settings.credentials().isPresent()) {
            Path file = settings.credentials().get();
            CredentialsFile.check(file);
            options.authHandler(Nats.credentials(file.toString()));
        }
        try {
            return new JnatsLink(Nats.connect(options.build()), settings, listener, warnings);
        } catch (IOException | IllegalStateException e) {
            throw new IOException(
                    "cannot connect to a NATS server of " + settings.servers() + ": " + errors.orElse(e)
                            + (e instanceof AuthenticationException ? remedy(settings) : ""),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the agent is stopping", e);
        }
    }

    private static String remedy(NatsSettings settings) {
        return settings.credentials()
                .map(file -> "; the server does not admit the user of the credentials in " + file
                        + ": put there those of a user that its operator has admitted for this host")
                .orElse(
                        "; the server does not admit this host: if it reads hosts.conf, run \"op-dbus cluster nats-config\" "
                                + "again and copy that file to it; if it asks for credentials, set cluster.nats.credentials");
    }

    private static Thread named(String name, Runnable work) {
        Thread made = new Thread(work, name);
        made.setDaemon(true);
        return made;
    }

    /** Logs what the library reports; it may report the same thing many times. */
    private final class Errors implements ErrorListener, FilteredDataPort.Listener {
        private volatile @Nullable String last;

        /** Returns the reason of a failed attempt to connect. */
        private String orElse(Exception failure) {
            String reported = last;
            return reported == null ? NatsFailures.of(failure) : reported;
        }

        @Override
        public void errorOccurred(Connection connection, String error) {
            String words = NatsFailures.shortened(error);
            last = words;
            warnings.warn("nats error " + words.replaceAll("\".*", ""), "the NATS server reports: " + words);
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception failure) {
            last = last == null ? NatsFailures.of(failure) : last;
            LOG.debug("cluster: NATS: {}", failure.toString());
        }

        @Override
        public void leftOut(String why) {
            warnings.warn("nats left out", "a message that came over NATS is dropped: " + why);
        }

        @Override
        public void slowConsumerDetected(Connection connection, io.nats.client.Consumer consumer) {
            warnings.warn("nats slow receiver", "messages are dropped, because more come over NATS than can be read");
        }
    }
}
