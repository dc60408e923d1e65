// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.hotpath;

import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.SharedLoop;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.enroll.bridge.BridgeEdges;
import org.opdbus.verticles.enroll.bridge.BridgeVerticle;
import org.opdbus.verticles.enroll.bridge.plan.OtherHands;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedEdges;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedVerticle;
import org.opdbus.verticles.plan.Policy;
import org.opdbus.verticles.reconcile.ReconcileOptions;
import org.opdbus.verticles.reconcile.ReconcileVerticle;
import org.opdbus.verticles.reconcile.ReconcileVerticle.Contributions;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.rename.RenameEdges;
import org.opdbus.verticles.rename.RenameVerticle;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** The router and the handlers of its steps around one picture of the host. */
public final class HotPath {
    private final ReconcileVerticle router;
    private final List<AbstractVerticle> handlers;

    /**
     * How this host is kept.
     *
     * @param owner the name of this host, by which its ports are known
     * @param naming the rule for the names of links
     * @param repairDrift whether to undo what another hand did to a port of ours, or only to report it
     * @param router how the router works
     */
    public record Options(String owner, NamingRule naming, boolean repairDrift, ReconcileOptions router) {}

    /**
     * The hot path of a host, not running yet.
     *
     * @param open the enrolments that the ledger says are open
     */
    public HotPath(Bus bus, Options options, Policy policy, Edges edges, Collection<Enrollment> open) {
        HostView view = new HostView(new HostView.Start(
                options.owner(),
                edges.configurations().isPresent(),
                ThreadLocalRandom.current().nextLong(),
                open));
        QuietTimes quiet = QuietTimes.publishing(bus::publish, view);
        OtherHands others = new OtherHands(view, quiet);
        router = new ReconcileVerticle(
                bus,
                options.router(),
                policy,
                view,
                new Contributions(RuleOrder.of(view, quiet, options.naming(), options.repairDrift()), others::hear));
        handlers = List.of(
                new RenameVerticle(
                        bus,
                        new RenameEdges(
                                edges.links()::namespaceOf,
                                edges.links()::find,
                                edges.links()::name,
                                edges.links()::prepare,
                                edges.ports()::caughtUp)),
                new BridgeVerticle(bus, view, BridgeEdges.of(edges), quiet),
                new ManagedVerticle(bus, view, ManagedEdges.of(edges)));
    }

    /** The verticles of this host that share one loop: first those that only listen, then the handlers, then the router. */
    public SharedLoop on(Optional<? extends AbstractVerticle> listener) {
        List<AbstractVerticle> parts = new ArrayList<>();
        listener.ifPresent(parts::add);
        parts.addAll(handlers);
        parts.add(router);
        return new SharedLoop(parts);
    }

    /** The router, of which faces ask how containers stand. */
    public ReconcileVerticle router() {
        return router;
    }
}
