// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import io.vertx.core.Vertx;
import org.opdbus.agent.wiring.web.WebFaces.Live;
import org.opdbus.agent.wiring.web.WebFaces.Sources;
import org.opdbus.verticles.http.WebRoute;
import org.opdbus.verticles.http.stream.StreamRoute;
import org.opdbus.verticles.http.stream.StreamSources;

/** Joins the stream to the rest of the agent. A class of its own, because it is loaded with the stream. */
final class StreamParts {
    private StreamParts() {}

    static WebRoute route(Vertx vertx, Sources sources, SharedEvents events) {
        Live live = sources.live();
        return new StreamRoute(
                vertx,
                new StreamSources(
                        sources.inventory(),
                        events.log(),
                        () -> live.figures().get().map(StreamedFigures::of)),
                live.budget());
    }
}
