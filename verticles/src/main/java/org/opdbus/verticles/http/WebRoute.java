// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

/** Answers the requests to the paths of one {@link WebFace}. For the event loop of the server. */
public interface WebRoute extends AutoCloseable {
    /**
     * Answers now or later, and returns true. Returns false, and does nothing, if there is nothing at this path; the server then
     * answers 404.
     */
    boolean answer(WebExchange exchange);

    /** Ends what it does for callers that are still there. */
    @Override
    void close();
}
