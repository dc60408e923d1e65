// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.verticles.cluster.nats.NatsEngine;
import org.opdbus.verticles.cluster.nats.NatsLink;
import org.opdbus.verticles.cluster.nats.NatsSettings;
import org.opdbus.verticles.cluster.nats.client.JnatsEngine;
import org.opdbus.verticles.testing.Eventually;

/** One agent's half on NATS, which connects again whenever its link ends, as a membership does. */
final class NatsHost implements AutoCloseable {
    static final String PREFIX = "test";
    private static final long BEAT_MS = 500;
    private static final long END_LIMIT_S = 60;

    final ClusterHost host;
    private final NatsEngine engine = new JnatsEngine();
    private final NatsSettings settings;
    private final ExecutorService connecting = Executors.newSingleThreadExecutor();
    private volatile NatsLink link;
    private volatile boolean isClosed;
    volatile String trust = "";

    NatsHost(Path folder, String name, List<String> servers, SSLContext tls, Set<String> removed) throws IOException {
        this(folder, new NatsSettings(name, servers, Optional.empty(), PREFIX, tls), removed);
    }

    NatsHost(Path folder, NatsSettings settings, Set<String> removed) throws IOException {
        String name = settings.host();
        this.settings = settings;
        host = new ClusterHost(folder.resolve(name), name, outbox -> link.transport(outbox, () -> removed), BEAT_MS);
        connect();
    }

    NatsLink link() {
        return link;
    }

    /** Records an entry with this reason. */
    void record(String reason) {
        host.happen(new AgentStopping(host.name, reason));
    }

    private void connect() {
        link = Eventually.eventually(() -> isClosed ? link : engine.connect(settings, new Listener()));
        if (!isClosed) {
            host.joinBus();
        }
    }

    private void again() {
        if (!isClosed && !link.isUp()) {
            host.leaveBus();
            link.close();
            connect();
        }
    }

    private final class Listener implements NatsEngine.Listener {
        @Override
        public void ended() {
            if (!isClosed) {
                var unused = connecting.submit(NatsHost.this::again);
            }
        }

        @Override
        public void trustHeard(String text) {
            trust = text;
        }
    }

    @Override
    public void close() {
        isClosed = true;
        connecting.shutdownNow();
        try {
            if (!connecting.awaitTermination(END_LIMIT_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("an attempt to connect does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        host.close();
        link.close();
    }
}
