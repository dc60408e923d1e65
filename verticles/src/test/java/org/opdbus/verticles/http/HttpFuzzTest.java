// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.opdbus.verticles.http.capture.CapturePaths;
import org.opdbus.verticles.http.capture.CaptureRoute;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.limits.ByteBudget;

/** Any request gets an answer or a closed connection, with and without a token, and the next caller is served. */
final class HttpFuzzTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String TOKEN = "0123456789abcdef0123";
    private static final byte[] HEALTH =
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static int port;
    private static int guardedPort;

    @BeforeAll
    static void open() throws Exception {
        port = open(Optional.empty());
        guardedPort = open(Optional.of(TOKEN));
    }

    private static int open(Optional<String> token) throws Exception {
        HttpVerticle verticle = new HttpVerticle(
                new HttpOptions(
                        "127.0.0.1", 0, token, Optional.of(TOKEN), Optional.empty(), Set.of("web1"), Optional.empty()),
                faces(new LiveInventory(HostFacts.atStart("here", "1", Instant.EPOCH))),
                new ByteBudget(1 << 20));
        VERTX.deployVerticle(verticle).toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        return verticle.port();
    }

    private static List<WebFace> faces(LiveInventory inventory) {
        return List.of(
                WebFace.at("/healthz", vertx -> new HealthRoute()),
                WebFace.at("/readyz", vertx -> new ReadinessRoute(inventory)),
                WebFace.at(
                        "/metrics",
                        vertx -> new MetricsRoute(vertx, () -> Single.just("# TYPE op_dbus_up gauge\nop_dbus_up 1\n"))),
                new WebFace(
                        new CapturePaths(),
                        WebFace.Audience.TOKEN_HOLDERS,
                        vertx -> new CaptureRoute(vertx, inventory)));
    }

    @AfterAll
    static void close() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @FuzzTest
    void request(byte[] bytes) throws IOException {
        // Only to this test's own server.
        BugDetectors.allowNetworkConnections((host, to) -> to == port || to == guardedPort);
        for (int each : new int[] {port, guardedPort}) {
            try {
                String unused = exchange(each, bytes);
            } catch (SocketException hungUp) {
                // It may close the connection while more is sent to it.
            }
        }
        assertThat(exchange(port, HEALTH)).startsWith("HTTP/1.1 200 ");
        assertThat(exchange(guardedPort, HEALTH)).startsWith("HTTP/1.1 401 ");
    }

    /** Sends this and no more, and reads until the other end has finished. */
    private static String exchange(int to, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(1 << 20), StandardCharsets.ISO_8859_1);
        }
    }
}
