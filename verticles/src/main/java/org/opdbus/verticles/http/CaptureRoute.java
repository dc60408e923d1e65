// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.opdbus.verticles.http.capture.CaptureFace;

/**
 * Leads requests for captures to their face. What crosses the host's links is for callers with the token only, because any local user
 * can reach a loopback address. For one event loop.
 */
final class CaptureRoute implements AutoCloseable {
    private static final int FORBIDDEN = 403;

    private final CaptureFace face;
    private final Callers callers;
    private final Answers answers;

    /** Ends requests. */
    @FunctionalInterface
    interface Answers {
        void end(HttpServerRequest request, int status, String body);
    }

    CaptureRoute(CaptureFace face, Callers callers, Answers answers) {
        this.face = face;
        this.callers = callers;
        this.answers = answers;
    }

    /** Answers a request without a body whose token, if one is needed, is right. */
    void answer(HttpServerRequest request, CapturePath path, boolean isTokenShown) {
        if (!isTokenShown) {
            answers.end(
                    request,
                    FORBIDDEN,
                    "captures need a token, also on a loopback address: write one into http.tokenFile (umask 077; "
                            + "openssl rand -hex 32 > /etc/op-dbus/http.token) and restart the agent\n");
        } else if (path.isStream()) {
            face.open(request, new Holder(request));
        } else {
            face.list(new Holder(request));
        }
    }

    @Override
    public void close() {
        face.close();
    }

    /** A caller with the token. */
    private final class Holder implements CaptureFace.Caller {
        private final HttpServerRequest request;

        private Holder(HttpServerRequest request) {
            this.request = request;
        }

        @Override
        public void answer(int status, String type, String body) {
            request.response().putHeader(HttpHeaders.CONTENT_TYPE, type);
            answers.end(request, status, body);
        }

        @Override
        public void leave() {
            callers.leave(request.connection());
        }
    }
}
