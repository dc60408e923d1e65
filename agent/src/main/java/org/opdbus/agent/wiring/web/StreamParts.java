// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import io.vertx.core.Vertx;
import org.opdbus.agent.wiring.web.WebFaces.Live;
import org.opdbus.agent.wiring.web.WebFaces.Sources;
import org.opdbus.verticles.http.WebRoute;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.http.stream.StreamRoute;
import org.opdbus.verticles.http.stream.StreamSources;
import org.opdbus.verticles.inventory.LiveInventory;

/** Joins the stream to the rest of the agent. A class of its own, because it is loaded with the stream. */
final class StreamParts {
    private StreamParts() {}

    static WebRoute route(Vertx vertx, Sources sources) {
        LiveInventory inventory = sources.inventory();
        Live live = sources.live();
        String host = inventory.current().host().name();
        return new StreamRoute(
                vertx,
                new StreamSources(
                        inventory,
                        new EventLog(new StreamedEvents(live.bus(), host, live.peers())),
                        () -> live.figures().get().map(StreamedFigures::of)),
                live.budget());
    }
}
