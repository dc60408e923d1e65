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
import org.opdbus.verticles.plan.Rules;
import org.opdbus.verticles.reconcile.ReconcileOptions;
import org.opdbus.verticles.reconcile.ReconcileVerticle;
import org.opdbus.verticles.reconcile.ReconcileVerticle.Contributions;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.rename.RenameEdges;
import org.opdbus.verticles.rename.RenameVerticle;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** The router and the handlers of its steps, which share one view of the host. */
public final class HotPath {
    private final ReconcileVerticle router;
    private final List<AbstractVerticle> handlers;

    /**
     * The options of the hot path.
     *
     * @param owner the name of this host, which marks its ports
     * @param naming the rule for the names of links
     * @param bridge the bridge for containers whose labels name none
     * @param conduct how much the agent changes
     * @param router the options of the router
     */
    public record Options(String owner, NamingRule naming, String bridge, Conduct conduct, ReconcileOptions router) {}

    /** How much the agent changes on the host. */
    public enum Conduct {
        /** It enrols links, and undoes what other programs change at their ports. */
        REPAIR_DRIFT,
        /** It enrols links, and only reports what other programs change at their ports. */
        REPORT_DRIFT,
        /** It changes nothing. */
        OBSERVE
    }

    /**
     * Creates the hot path of a host. It does not run yet.
     *
     * @param open the enrolments that are open according to the ledger
     */
    public HotPath(Bus bus, Options options, Policy policy, Edges edges, Collection<Enrollment> open) {
        HostView view = new HostView(new HostView.Start(
                options.owner(),
                edges.configurations().isPresent(),
                ThreadLocalRandom.current().nextLong(),
                open));
        Policy wanted = new WorkloadPolicy(view, policy, options.bridge());
        QuietTimes quiet = QuietTimes.publishing(bus::publish, view);
        OtherHands others = new OtherHands(view, quiet);
        router = new ReconcileVerticle(
                bus,
                options.router(),
                options.conduct() == Conduct.OBSERVE ? new ObservedPolicy(view, wanted) : wanted,
                view,
                new Contributions(rules(view, quiet, options), others::hear));
        handlers = List.of(
                new RenameVerticle(bus, RenameEdges.of(edges)),
                new BridgeVerticle(bus, view, BridgeEdges.of(edges), quiet),
                new ManagedVerticle(bus, view, ManagedEdges.of(edges)));
    }

    private static Rules rules(HostView view, QuietTimes quiet, Options options) {
        return options.conduct() == Conduct.OBSERVE
                ? RuleOrder.observing(view, quiet, options.naming())
                : RuleOrder.of(view, quiet, options.naming(), options.conduct() == Conduct.REPAIR_DRIFT);
    }

    /** Returns the verticles that share one event loop: first the one that only listens, then the handlers, then the router. */
    public SharedLoop on(Optional<? extends AbstractVerticle> listener) {
        List<AbstractVerticle> parts = new ArrayList<>();
        listener.ifPresent(parts::add);
        parts.addAll(handlers);
        parts.add(router);
        return new SharedLoop(parts);
    }

    /** Returns the router, which knows the status of each container. */
    public ReconcileVerticle router() {
        return router;
    }
}
