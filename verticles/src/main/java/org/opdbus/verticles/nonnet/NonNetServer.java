// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.opdbus.verticles.nonnet.Tables.RowChange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the socket and the clients, and serves all clients on the context that starts it. */
final class NonNetServer implements Session.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(NonNetServer.class);

    private final Vertx vertx;
    private final NonNetOptions options;
    private final LiveTables tables;
    private final Session.Surroundings surroundings;
    private final SocketFile file;
    private final NetServer server;
    private final Set<Session> sessions = new LinkedHashSet<>();

    NonNetServer(Vertx vertx, LiveTables tables, NonNetOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.tables = tables;
        tables.onChange(this::tell);
        surroundings = new Session.Surroundings(new Turns(vertx), tables, options, UUID.randomUUID(), this);
        file = new SocketFile(options.socket(), options.group());
        server = vertx.createNetServer(new NetServerOptions().setAcceptBacklog(options.clientsMax()))
                .connectHandler(this::connected);
    }

    /** Opens the socket. Fails with a {@link NonNetException} if it cannot. */
    Future<Void> start() {
        return blocking(file::claim)
                .compose(this::bind)
                .compose(v -> blocking(() -> {
                    file.reveal();
                    return options.socket();
                }))
                .onSuccess(path -> LOG.info("nonnet=served socket={}", path))
                .<Void>mapEmpty()
                .recover(e -> server.close().transform(closed -> Future.failedFuture(e)));
    }

    private Future<Void> bind(Path path) {
        return server.listen(SocketAddress.domainSocketAddress(path.toString()))
                .<Void>mapEmpty()
                .recover(e -> Future.failedFuture(new NonNetException(
                        NonNetException.Reason.SOCKET_UNUSABLE,
                        "cannot serve the NonNet DB at " + options.socket() + ": " + e.getMessage() + "; does "
                                + options.socket().getParent() + " exist, and may this process write to it?",
                        e)));
    }

    /** Removes the socket, then closes the connections. */
    Future<Void> stop() {
        return blocking(() -> {
                    file.remove();
                    return options.socket();
                })
                .eventually(() -> {
                    List.copyOf(sessions).forEach(session -> session.close("the agent stops"));
                    return server.close();
                })
                .mapEmpty();
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work);
    }

    private void connected(NetSocket socket) {
        if (sessions.size() >= options.clientsMax()) {
            LOG.warn("nonnet=refused reason=\"{} clients are connected\"", sessions.size());
            socket.close().onFailure(e -> LOG.debug("closing a connection failed: {}", e.toString()));
            return;
        }
        tables.arrived();
        sessions.add(new Session(surroundings, socket));
    }

    @Override
    public void ended(Session session) {
        if (sessions.remove(session)) {
            tables.left();
        }
    }

    /** Sends each client the changes that its monitors cover. */
    private void tell(List<RowChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        for (Session session : List.copyOf(sessions)) {
            session.tell(changes);
        }
    }
}
