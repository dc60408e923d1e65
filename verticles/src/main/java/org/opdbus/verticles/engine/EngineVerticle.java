// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerEvent;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source of one engine's containers; the package documentation has the contract. */
public final class EngineVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(EngineVerticle.class);
    /** An engine makes its socket a moment before it listens on it. */
    private static final long MADE_MS = 10;

    private static final int REASON_LENGTH_MAX = 300;

    private final Bus bus;
    private final EngineOptions options;
    private final String name;
    private final Source source;
    private final EngineTable table = new EngineTable();
    private final SocketWatch watch;

    private volatile @Nullable Context loop;
    /** Made when the socket is there: many hosts have no such engine. */
    private @Nullable EngineClient client;

    private @Nullable EngineSession session;
    private boolean lossSaid;
    private int failures;
    private long listedAtNs;
    private long timer = -1;

    /** Creates a source that starts when it is deployed. */
    public EngineVerticle(Bus bus, EngineOptions options) {
        this.bus = bus;
        this.options = options;
        name = options.kind().name().toLowerCase(Locale.ROOT);
        source = Source.of(options.kind());
        watch = new SocketWatch("op-dbus-" + name, options.socket(), this::socketMade);
    }

    /** Begins to look for the engine; does not wait until it is there. */
    @Override
    public Completable rxStart() {
        return Completable.defer(() -> {
            loop = context;
            connectIn(MADE_MS);
            return watch.start();
        });
    }

    /** Completes when nothing more is heard. */
    @Override
    public Completable rxStop() {
        return Completable.defer(() -> {
            loop = null;
            vertx.cancelTimer(timer);
            if (session != null) {
                session.stop();
                session = null;
            }
            if (client != null) {
                client.close();
            }
            return watch.stop();
        });
    }

    /**
     * Asks the engine now about a container by its id, in the short form or whole; empty if the engine has no such container. Fails
     * if the engine does not answer. Safe for use by any thread; the answer comes on the event loop of the source.
     */
    Single<Optional<JsonObject>> inspect(String id) {
        return Single.create(emitter -> {
            Context now = loop;
            if (now == null) {
                emitter.tryOnError(new EngineException(Reason.UNREACHABLE, "the source is not running"));
                return;
            }
            now.runOnContext(asked -> {
                EngineClient engine = client;
                if (engine != null && engine.isNegotiated()) {
                    engine.inspect(id).onComplete(emitter::onSuccess, emitter::tryOnError);
                } else {
                    emitter.tryOnError(new EngineException(Reason.UNREACHABLE, "the engine was never reached"));
                }
            });
        });
    }

    private void socketMade() {
        Context now = loop;
        if (now != null) {
            now.runOnContext(made -> connectIn(MADE_MS));
        }
    }

    private void connectIn(long delayMs) {
        if (session == null && loop != null) {
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(delayMs, now -> connect());
        }
    }

    private void connect() {
        if (loop == null || session != null) {
            return;
        }
        // One look at a folder in memory; the watch reports the socket, and this is for a folder that cannot be
        // watched.
        if (!Files.exists(options.socket())) {
            connectIn(options.retry().delayMs(Integer.MAX_VALUE));
            return;
        }
        EngineClient engine = client == null ? new EngineClient(vertx.getDelegate(), options) : client;
        client = engine;
        EngineSession next = new EngineSession(vertx.getDelegate(), options, engine, table, new Publisher());
        session = next;
        next.start();
    }

    private final class Publisher implements EngineSession.Listener {
        @Override
        public void publish(ContainerEvent event) {
            bus.publish(event);
        }

        @Override
        public void listed(int count) {
            listedAtNs = System.nanoTime();
            if (lossSaid) {
                lossSaid = false;
                LOG.info("connected to {}: socket={}", name, options.socket());
            }
            bus.publish(new SourceListed(source, count));
        }

        @Override
        public void ended(String reason) {
            session = null;
            String shown = reason.length() > REASON_LENGTH_MAX ? reason.substring(0, REASON_LENGTH_MAX) + "…" : reason;
            if (lossSaid) {
                LOG.debug("still no connection to {}: {}", name, shown);
            } else {
                lossSaid = true;
                // The journal logs the fact.
                bus.publish(new SourceLost(source, "cannot hear " + name + ", trying again: " + shown));
            }
            // An engine that lists and then sends what is not valid would be asked for everything again at once.
            boolean lasted = listedAtNs != 0
                    && System.nanoTime() - listedAtNs > options.retry().lastMs() * 1_000_000L;
            listedAtNs = 0;
            failures = lasted ? 1 : failures + 1;
            connectIn(options.retry().delayMs(failures));
        }
    }
}
