// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the files of the page without an agent, and below {@code /tests/} the files beside this class. */
final class PageFolder implements AutoCloseable {
    private static final String TESTS = "/tests/";
    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "html", "text/html; charset=utf-8",
            "svg", "image/svg+xml");

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    PageFolder() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            try (exchange;
                    InputStream file = path.startsWith(TESTS)
                            ? PageFolder.class.getResourceAsStream(path.substring(TESTS.length()))
                            : PageFolder.class.getResourceAsStream("/web" + path)) {
                if (file == null) {
                    exchange.sendResponseHeaders(404, -1);
                    return;
                }
                exchange.getResponseHeaders()
                        .set(
                                "Content-Type",
                                TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "text/plain"));
                exchange.sendResponseHeaders(200, 0);
                file.transferTo(exchange.getResponseBody());
            }
        });
        server.start();
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
