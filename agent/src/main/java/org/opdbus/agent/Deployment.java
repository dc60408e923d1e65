// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.reactivex.rxjava3.core.Flowable;
import io.vertx.core.Deployable;
import java.util.Collection;
import java.util.function.UnaryOperator;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.EnrollmentConfig.OnDrift;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.commit.CommitVerticle;
import org.opdbus.verticles.control.ControlVerticle;
import org.opdbus.verticles.journal.JournalVerticle;
import org.opdbus.verticles.lxc.LxcOptions;
import org.opdbus.verticles.lxc.LxcVerticle;
import org.opdbus.verticles.netlink.NetlinkVerticle;
import org.opdbus.verticles.nonnet.NonNetOptions;
import org.opdbus.verticles.nonnet.NonNetVerticle;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.OvsdbVerticle;
import org.opdbus.verticles.reconcile.Edges;
import org.opdbus.verticles.reconcile.Enrollment;
import org.opdbus.verticles.reconcile.LinkWork;
import org.opdbus.verticles.reconcile.NamingRule;
import org.opdbus.verticles.reconcile.ReconcileOptions;
import org.opdbus.verticles.reconcile.ReconcileVerticle;

/**
 * The wiring: which verticles there are, and who is joined to whom.
 *
 * <pre>
 * netlink ─┐                  ┌─► kernel, Open vSwitch
 * ovsdb ───┼─► bus ─► reconcile
 * lxc ─────┘    ├─► commit ─► ledger
 *               ├─► journal ─► log
 *               ├─► control ─► command line
 *               └─► nonnet ─► OVSDB clients
 * </pre>
 */
final class Deployment {
    private final Flowable<Deployable> handlers;
    private final Flowable<Deployable> sources;

    Deployment(
            AgentConfig config,
            Bus bus,
            Ledger ledger,
            LinkWork links,
            UnaryOperator<Edges> wrapped,
            Collection<Enrollment> open) {
        OvsdbVerticle ovsdb =
                new OvsdbVerticle(bus, OvsdbOptions.of(config.ovsdb().socket()));
        LxcVerticle lxc = new LxcVerticle(bus, LxcOptions.of(config.lxc().path().toString()));
        NetlinkVerticle netlink = new NetlinkVerticle(bus);
        ReconcileVerticle reconcile = new ReconcileVerticle(
                bus,
                reconcileOptions(config),
                new ConfiguredPolicy(config.enrollment(), config.naming()),
                wrapped.apply(new Edges(links, new OvsPorts(ovsdb.ports()), new LxcPresence(lxc::observe))),
                open);
        Answers answers = new Answers(config.host(), reconcile::status);
        handlers = Flowable.just(
                new JournalVerticle(bus),
                new CommitVerticle(bus, ledger),
                reconcile,
                new ControlVerticle(bus, config.runtime().controlSocket(), config.host(), answers),
                new NonNetVerticle(
                        bus,
                        NonNetOptions.of(config.runtime().nonnetSocket(), config.host(), Program.version()),
                        answers::rows));
        sources = Flowable.just(ovsdb, netlink, lxc);
    }

    private static ReconcileOptions reconcileOptions(AgentConfig config) {
        return new ReconcileOptions(
                config.host(),
                new NamingRule(config.naming().template()),
                config.enrollment().onDrift() == OnDrift.REPAIR,
                config.ovsdb().resyncIntervalMs());
    }

    /** Those who must listen before anything is said. */
    Flowable<Deployable> handlers() {
        return handlers;
    }

    /** Those who then say everything that exists. */
    Flowable<Deployable> sources() {
        return sources;
    }
}
