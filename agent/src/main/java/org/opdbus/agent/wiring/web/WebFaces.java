// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.control.PeerLines;
import org.opdbus.verticles.http.HealthRoute;
import org.opdbus.verticles.http.MetricsRoute;
import org.opdbus.verticles.http.ReadinessRoute;
import org.opdbus.verticles.http.WebFace;
import org.opdbus.verticles.http.WebFace.Audience;
import org.opdbus.verticles.http.api.ApiRoute;
import org.opdbus.verticles.http.capture.CapturePaths;
import org.opdbus.verticles.http.capture.CaptureRoute;
import org.opdbus.verticles.http.page.PagePaths;
import org.opdbus.verticles.http.page.PageRoute;
import org.opdbus.verticles.http.stream.StreamRoute;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.limits.ByteBudget;
import org.opdbus.verticles.metrics.Summary;

/** Lists what the agent serves over HTTP. The lambdas keep the classes of a face unloaded until its first request; references
 * to constructors would load them at once. */
public final class WebFaces {
    private WebFaces() {}

    /** What the faces are read from. */
    public record Sources(LiveInventory inventory, Supplier<Single<String>> metrics, Live live, Kept kept) {}

    /**
     * What the stream tells besides the inventory.
     *
     * @param peers the events of other hosts; empty if this host is in no cluster
     * @param figures asks for a few of the metrics
     * @param budget the limit of what is held for callers
     */
    public record Live(Bus bus, Optional<PeerLines> peers, Supplier<Single<Summary>> figures, ByteBudget budget) {}

    /**
     * What the resources show besides the inventory.
     *
     * @param signed the last checkpoint of the ledger; empty if this agent writes none
     */
    public record Kept(AgentConfig config, Supplier<Optional<Checkpoint>> signed) {}

    /** Returns the faces; a path belongs to the first one that has it. */
    public static List<WebFace> of(Sources sources) {
        SharedEvents events = new SharedEvents(sources);
        return List.of(
                WebFace.at("/healthz", vertx -> new HealthRoute()),
                WebFace.at("/readyz", vertx -> new ReadinessRoute(sources.inventory())),
                WebFace.at("/metrics", vertx -> new MetricsRoute(vertx, sources.metrics())),
                WebFace.at(StreamRoute.PATH, vertx -> StreamParts.route(vertx, sources, events)),
                WebFace.at(ApiRoute.ROOT, vertx -> ApiParts.route(vertx, sources, events)),
                new WebFace(
                        new CapturePaths(),
                        Audience.TOKEN_HOLDERS,
                        vertx -> new CaptureRoute(vertx, sources.inventory())),
                new WebFace(new PagePaths(), Audience.EVERYONE, vertx -> new PageRoute(vertx)));
    }
}
