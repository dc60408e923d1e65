// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.jsonrpc.JsonRpcConnection;
import org.opdbus.verticles.jsonrpc.JsonRpcLimits;
import org.opdbus.verticles.jsonrpc.JsonRpcSettings;
import org.opdbus.verticles.limits.ByteBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the control socket. The caller holds the ledger's lock, so an existing socket file is
 * that of an agent that has ended.
 */
public final class ControlVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(ControlVerticle.class);

    /**
     * Far more than the callers that operators need; the limit stops a script that leaks
     * connections.
     */
    private static final int CALLERS_MAX = 64;

    private static final String NO_CLUSTER = "this host is in no cluster; see \"op-dbus cluster init --help\"";

    private final Bus bus;
    private final Path socket;
    private final String host;
    private final ControlRequests requests;
    private final Set<ControlCaller> callers = new HashSet<>();
    private final Set<ControlCaller> watchers = new HashSet<>();
    private final PendingFacts uncommitted;
    private final WorkloadNames names = new WorkloadNames();
    private final Optional<PeerNews> peers;
    private final ByteBudget budget;
    private final CompositeDisposable underWay = new CompositeDisposable();
    private Disposable subscription = Disposable.disposed();
    private @Nullable NetServer server;
    private @Nullable PeerLineTail events;
    private @Nullable PeerLineTail entries;

    /**
     * Creates a socket that exists as soon as this is deployed.
     *
     * @param peers the lines of peers; empty if this host is in no cluster
     */
    public ControlVerticle(Bus bus, ControlOptions options, ControlRequests requests, Optional<PeerNews> peers) {
        this.bus = bus;
        socket = options.socket();
        host = options.host();
        budget = options.budget();
        this.requests = requests;
        this.peers = peers;
        uncommitted = new PendingFacts(options.host());
    }

    @Override
    public Completable rxStart() {
        return Completable.fromCompletionStage(listen().toCompletionStage());
    }

    private Future<?> listen() {
        subscription = bus.subscribeAll(this::tell);
        peers.ifPresent(news -> {
            events = tail(news.events());
            entries = tail(news.entries());
        });
        NetServer listening = vertx.getDelegate()
                .createNetServer(new NetServerOptions().setAcceptBacklog(2 * CALLERS_MAX))
                .connectHandler(this::accept);
        server = listening;
        return vertx.getDelegate()
                .executeBlocking(this::makeWay)
                .compose(made -> listening.listen(SocketAddress.domainSocketAddress(socket.toString())))
                .compose(bound -> vertx.getDelegate().executeBlocking(this::closeToOthers));
    }

    private PeerLineTail tail(PeerLines lines) {
        return new PeerLineTail(lines, context, count -> EventLine.missed(count, host, Instant.now()));
    }

    /**
     * The folder is closed to other users before the socket is made, so that no other user can
     * connect at any moment.
     */
    private Path makeWay() throws IOException {
        Path folder = socket.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.deleteIfExists(socket);
        return socket;
    }

    private Path closeToOthers() throws IOException {
        return Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    }

    private void accept(NetSocket connection) {
        if (callers.size() >= CALLERS_MAX) {
            LOG.warn("control socket: {} callers are connected; the agent refused another one", callers.size());
            connection.close().onFailure(e -> LOG.debug("closing a connection failed: {}", e.toString()));
            return;
        }
        ControlCaller caller = new ControlCaller(requests, new Watching(), underWay);
        callers.add(caller);
        caller.over(new JsonRpcConnection(
                new JsonRpcSettings(vertx.getDelegate(), JsonRpcLimits.SERVER, budget), connection, caller));
    }

    private final class Watching implements ControlCaller.Watching {
        @Override
        public Future<Object> watch(ControlCaller caller, EventFilter filter, JsonObject given) {
            if (given.getBoolean("all_hosts", false)) {
                PeerLineTail open = events;
                if (open == null) {
                    return Future.failedFuture(NO_CLUSTER);
                }
                open.add(caller, given.getLong("from", 0L));
            }
            watchers.add(caller);
            return Future.succeededFuture(uncommitted.toJson(filter));
        }

        @Override
        public EventFilter named(EventFilter filter) {
            return names.in(filter);
        }

        @Override
        public Future<Object> held(EventFilter filter, JsonObject given) {
            PeerLineTail open = events;
            return open == null
                    ? Future.failedFuture(NO_CLUSTER)
                    : Future.succeededFuture(open.held(given.getLong("from", 0L), filter));
        }

        @Override
        public Future<Object> watchEntries(ControlCaller caller) {
            PeerLineTail open = entries;
            if (open == null) {
                return Future.failedFuture(NO_CLUSTER);
            }
            open.add(caller, 0);
            return Future.succeededFuture(new JsonObject());
        }

        @Override
        public void leave(ControlCaller caller) {
            callers.remove(caller);
            watchers.remove(caller);
            tails().forEach(open -> open.remove(caller));
        }
    }

    private void tell(Event event) {
        Instant now = Instant.now();
        uncommitted.hear(event, now);
        names.hear(event);
        Set.copyOf(watchers).forEach(watcher -> {
            watcher.hear(event);
            watcher.tell(
                    event.kind(),
                    event.subject(),
                    () -> EventLine.of(event, host, now),
                    count -> EventLine.missed(count, host, now));
        });
    }

    private List<PeerLineTail> tails() {
        return Stream.of(Optional.ofNullable(events), Optional.ofNullable(entries))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Completable rxStop() {
        subscription.dispose();
        tails().forEach(PeerLineTail::dispose);
        underWay.dispose();
        NetServer listening = server;
        return listening == null
                ? Completable.complete()
                : Completable.fromCompletionStage(listening.close().toCompletionStage())
                        .andThen(Completable.fromAction(() -> Files.deleteIfExists(socket)));
    }
}
