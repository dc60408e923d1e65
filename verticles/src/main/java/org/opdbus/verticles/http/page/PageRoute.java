// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.page;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.HashMap;
import java.util.Map;
import org.opdbus.verticles.http.EncodedBody;
import org.opdbus.verticles.http.WebExchange;
import org.opdbus.verticles.http.WebRoute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers with the files of the page. A browser asks each time whether it has the newest ones, so an update shows at once. */
public final class PageRoute implements WebRoute {
    private static final Logger LOG = LoggerFactory.getLogger(PageRoute.class);
    /** No script, style, picture or data comes from elsewhere or from within a text, and no other page shows this one in a frame. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; " + "form-action 'self'; frame-ancestors 'none'";

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int FAILED = 500;

    private final Vertx vertx;
    private final Map<String, Future<StoredFile>> stored = new HashMap<>();

    /** Creates a route of the present event loop. */
    public PageRoute(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public boolean answer(WebExchange exchange) {
        PageFile file = PageFiles.byPath().get(exchange.path());
        if (file == null) {
            return false;
        }
        stored.computeIfAbsent(exchange.path(), path -> read(path, file))
                .onSuccess(read -> answer(exchange, read))
                .onFailure(failure -> exchange.end(FAILED, "the file cannot be read; see the log\n"));
        return true;
    }

    private Future<StoredFile> read(String path, PageFile file) {
        return vertx.executeBlocking(() -> StoredFile.of(file), false).onFailure(failure -> {
            LOG.warn("cannot read {} of the page: {}", file.resource(), failure.toString());
            stored.remove(path);
        });
    }

    private void answer(WebExchange exchange, StoredFile file) {
        exchange.put(HttpHeaders.ETAG, file.tag());
        exchange.put(HttpHeaders.CACHE_CONTROL, "no-cache");
        exchange.put(HttpHeaders.VARY, "Accept-Encoding");
        if (file.file().isDocument()) {
            exchange.put("Content-Security-Policy", CONTENT_SECURITY_POLICY);
            if (isTrusted(exchange)) {
                exchange.put("Cross-Origin-Opener-Policy", "same-origin");
            }
        }
        if (exchange.header(HttpHeaders.IF_NONE_MATCH).filter(file::isAmong).isPresent()) {
            exchange.end(NOT_MODIFIED, file.file().type(), Buffer.buffer());
        } else if (exchange.header(HttpHeaders.ACCEPT_ENCODING)
                .filter(EncodedBody::isGzipAccepted)
                .isPresent()) {
            exchange.put(HttpHeaders.CONTENT_ENCODING, "gzip");
            exchange.end(OK, file.file().type(), file.compressed());
        } else {
            vertx.executeBlocking(file.file()::bytes, false)
                    .onSuccess(plain -> exchange.end(OK, file.file().type(), Buffer.buffer(plain)))
                    .onFailure(failure -> exchange.end(FAILED, "the file cannot be read; see the log\n"));
        }
    }

    /** Returns whether a browser may take the connection for one that nobody listens to; to others this header is an error. */
    private static boolean isTrusted(WebExchange exchange) {
        String address = exchange.request().localAddress().hostAddress();
        return exchange.request().isSSL()
                || (address != null && (address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1")));
    }

    @Override
    public void close() {
        stored.clear();
    }
}
