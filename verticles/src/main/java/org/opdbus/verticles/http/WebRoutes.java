// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.Vertx;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The faces of a server, and the routes that were made so far. For the event loop of the server. */
final class WebRoutes implements AutoCloseable {
    private final Vertx vertx;
    private final List<WebFace> faces;
    private final IdentityHashMap<WebFace, WebRoute> made = new IdentityHashMap<>();

    WebRoutes(Vertx vertx, List<WebFace> faces) {
        this.vertx = vertx;
        this.faces = List.copyOf(faces);
    }

    /** Returns the first face that has this path. */
    Optional<WebFace> face(String path) {
        return faces.stream().filter(each -> each.paths().has(path)).findFirst();
    }

    /** Lets a face answer; returns false if it has nothing at the path. */
    boolean answer(WebFace face, WebExchange exchange) {
        return made.computeIfAbsent(face, each -> each.make().apply(vertx)).answer(exchange);
    }

    /** Returns the paths that there are, for a caller who asked for another one. */
    String named() {
        return faces.stream().flatMap(face -> face.paths().named().stream()).collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        made.values().forEach(WebRoute::close);
        made.clear();
    }
}
