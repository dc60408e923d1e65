// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of what the server serves. Its route is made by the first request to one of its paths, so that before that request nothing of
 * it is loaded.
 *
 * @param audience who may ask
 * @param make makes the route, on the event loop of the server
 * @param writes the methods that it allows beside GET and HEAD
 */
public record WebFace(Paths paths, Audience audience, Function<Vertx, WebRoute> make, List<HttpMethod> writes) {
    public WebFace {
        writes = List.copyOf(writes);
    }

    /** A face that is only read. */
    public WebFace(Paths paths, Audience audience, Function<Vertx, WebRoute> make) {
        this(paths, audience, make, List.of());
    }

    /** Who may ask. */
    public enum Audience {
        /** Everyone who can connect. */
        EVERYONE,
        /** Those who may read: everyone on a loopback address, else those who have the token. */
        READERS,
        /** Those who show the token, on every address. */
        TOKEN_HOLDERS
    }

    /** Which paths belong to a face. */
    public interface Paths {
        /** Returns the paths that a caller who asks for a wrong one is told. */
        List<String> named();

        boolean has(String path);

        /** Returns the token that such a path holds, for callers that can send no header; it takes the place of the header. */
        default Optional<String> token(String path) {
            return Optional.empty();
        }
    }

    /** Returns a face for readers at this path, and at every path below it. */
    public static WebFace at(String path, Function<Vertx, WebRoute> make) {
        return new WebFace(new Tree(path), Audience.READERS, make);
    }

    private record Tree(String root) implements Paths {
        @Override
        public List<String> named() {
            return List.of(root);
        }

        @Override
        public boolean has(String path) {
            return path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/');
        }
    }
}
