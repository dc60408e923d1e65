// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import static org.opdbus.verticles.http.capture.RefusedCapture.BAD_REQUEST;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.verticles.capture.CaptureFailure;
import org.opdbus.verticles.capture.CaptureOptions;
import org.opdbus.verticles.capture.OwnConnections;
import org.opdbus.verticles.http.WebExchange;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.kernel.connections.TcpTable.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists what can be captured, and captures it; the package documentation has the contract. For the event loop that made it. */
final class CaptureFace implements AutoCloseable {
    /** How many captures are open at most. */
    static final int CAPTURES_MAX = 4;

    private static final Logger LOG = LoggerFactory.getLogger(CaptureFace.class);
    private static final String JSON = "application/json";

    private static final int OK = 200;
    private static final int UPGRADE_REQUIRED = 426;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;

    private final Vertx vertx;
    private final Context loop;
    private final LiveInventory inventory;
    private final Set<CaptureStream> streams = ConcurrentHashMap.newKeySet();
    private final Set<OwnConnections> connections = ConcurrentHashMap.newKeySet();

    /** Creates a face that knows the host by this inventory. */
    CaptureFace(Vertx vertx, LiveInventory inventory) {
        this.vertx = vertx;
        this.inventory = inventory;
        loop = vertx.getOrCreateContext();
    }

    /** Answers with the document of {@code /mobyshark}. */
    void list(WebExchange caller) {
        vertx.executeBlocking(() -> CaptureTargets.json(CaptureTargets.of(inventory.current())), false)
                .onSuccess(document -> caller.end(OK, JSON, Buffer.buffer(document)))
                .onFailure(failure -> {
                    LOG.warn("what can be captured cannot be listed: {}", failure.toString());
                    caller.end(FAILED, "what can be captured cannot be listed; see the log\n");
                });
    }

    /** Captures what the request names, or answers why not. */
    void open(WebExchange caller) {
        HttpServerRequest request = caller.request();
        if (!request.canUpgradeToWebSocket()) {
            caller.put(HttpHeaders.UPGRADE, "websocket");
            caller.end(UPGRADE_REQUIRED, "/capture is a WebSocket, which Wireshark's plug-in opens\n");
        } else if (streams.size() >= CAPTURES_MAX) {
            caller.put("Retry-After", "10");
            caller.end(UNAVAILABLE, CAPTURES_MAX + " captures are open already; close one of them\n");
        } else {
            try {
                begin(caller, CaptureQuery.of(request.params()));
            } catch (RefusedCapture refused) {
                caller.end(refused.status(), refused.getMessage() + "\n");
            }
        }
    }

    private void begin(WebExchange caller, CaptureQuery query) {
        HttpServerRequest request = caller.request();
        // The request is upgraded later, when the ports are open.
        request.pause();
        CaptureStream stream = new CaptureStream(String.valueOf(request.remoteAddress()), loop);
        streams.add(stream);
        Opening opening = new Opening(caller, stream);
        Thread thread = new Thread(() -> capture(opening, query), "op-dbus-capture");
        thread.setDaemon(true);
        thread.start();
    }

    /** A request that becomes a capture. */
    private record Opening(WebExchange caller, CaptureStream stream) {
        /** Returns the connection by which the capture travels. */
        Connection connection() throws IOException {
            HttpServerRequest request = caller.request();
            return new Connection(address(request.localAddress()), address(request.remoteAddress()));
        }

        private static InetSocketAddress address(SocketAddress address) throws IOException {
            return new InetSocketAddress(InetAddress.getByName(address.hostAddress()), address.port());
        }

        void upgrade() {
            HttpServerRequest request = caller.request();
            request.resume();
            request.toWebSocket()
                    .onSuccess(socket -> {
                        stream.opened(socket);
                        caller.upgraded();
                    })
                    .onFailure(gone -> stream.end());
        }

        void refuse(int status, String message) {
            caller.request().resume();
            caller.end(status, message + "\n");
        }
    }

    private void capture(Opening opening, CaptureQuery query) {
        try {
            OwnConnections own = OwnConnections.ofAccepted(opening.connection());
            connections.add(own);
            try {
                streams.forEach(CaptureStream::leaveOutOthers);
                run(opening, query);
            } finally {
                connections.remove(own);
            }
        } catch (RefusedCapture refused) {
            refuse(opening, refused.status(), refused);
        } catch (CaptureFailure failure) {
            refuse(opening, BAD_REQUEST, failure);
        } catch (CompletionException | ClosedChannelException gone) {
            LOG.debug("a caller left before its capture was open: {}", gone.toString());
        } catch (IOException | RuntimeException failure) {
            LOG.warn("a capture failed: {}", failure.toString());
            refuse(opening, FAILED, failure);
        } finally {
            loop.runOnContext(now -> streams.remove(opening.stream));
        }
    }

    private void run(Opening opening, CaptureQuery query) throws IOException {
        String program = "op-dbus " + inventory.current().host().version();
        CaptureOptions options = CaptureChoice.of(query, inventory.current(), OwnConnections.together(connections));
        opening.stream.run(options, program, () -> loop.runOnContext(now -> opening.upgrade()));
    }

    /** Answers unless the WebSocket is open already; then its reader finds the end of the capture. */
    private void refuse(Opening opening, int status, Exception reason) {
        String message = String.valueOf(reason.getMessage());
        loop.runOnContext(now -> {
            opening.stream.end();
            opening.refuse(status, message);
        });
    }

    @Override
    public void close() {
        Set.copyOf(streams).forEach(CaptureStream::end);
    }
}
