// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AnswerEvent.LinkPrepared;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.AnswerEvent.PortsHeard;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkName;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.ImpatientBus;
import org.opdbus.verticles.bus.StepException.Reason;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.hotpath.RuleOrder;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.reconcile.ReconcileVerticle.Contributions;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.rename.RenameStep.HearPorts;
import org.opdbus.verticles.rename.RenameStep.NameLink;
import org.opdbus.verticles.rename.RenameStep.PrepareLink;
import org.opdbus.verticles.rename.RenameStep.ResolveNamespace;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.view.HostView;

/** A step that gets no answer by its deadline is planned anew: the router on a real bus, and handlers that stay silent once. */
class UnansweredStepTest {
    private static final ContainerId ID = new ContainerId("100");
    private static final long PID = 4711;
    private static final int NAMESPACE = 7;
    private static final int SILENT = 1;
    private static final int OTHER = 2;
    private static final long STEP_LIMIT_MS = 200;

    private final Vertx vertx = Vertx.vertx(VertxSettings.common());
    private final Bus bus = ImpatientBus.on(vertx, STEP_LIMIT_MS);
    private final HostView view = new HostView(new HostView.Start("here", false, 1, List.of()));
    private final ReconcileVerticle router = new ReconcileVerticle(
            bus,
            // No look without a cause comes in time to hide a step that is not planned anew.
            new ReconcileOptions(TimeUnit.HOURS.toMillis(1)),
            id -> Intent.automatic("vmbr0", Naming.AUTO),
            view,
            new Contributions(
                    RuleOrder.of(view, new QuietTimes(name -> {}), new NamingRule("vi{id}"), true), event -> {}));
    private final List<ResolveNamespace> resolutions = new CopyOnWriteArrayList<>();
    private final List<Integer> preparations = new CopyOnWriteArrayList<>();
    private final List<Integer> named = new CopyOnWriteArrayList<>();

    @BeforeEach
    void deploy() {
        bus.handle(ResolveNamespace.class, this::resolve);
        bus.handle(HearPorts.class, step -> {
            bus.publish(new PortsHeard(ID, PID, step.link().index()));
            return Completable.complete();
        });
        bus.handle(PrepareLink.class, this::prepare);
        bus.handle(NameLink.class, step -> {
            named.add(step.link().index());
            return Completable.complete();
        });
        vertx.deployVerticle(router).toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** The first question of the kernel gets no answer; that is about the container as a whole. */
    private Completable resolve(ResolveNamespace step) {
        resolutions.add(step);
        if (resolutions.size() == 1) {
            return Completable.never();
        }
        bus.publish(new NamespaceResolved(ID, step.initPid(), NAMESPACE, step.question()));
        return Completable.complete();
    }

    /** The first preparation of one link gets no answer. */
    private Completable prepare(PrepareLink step) {
        int index = step.link().index();
        preparations.add(index);
        if (index == SILENT && preparationsOf(SILENT) == 1) {
            return Completable.never();
        }
        bus.publish(new LinkPrepared(
                ID,
                PID,
                step.link(),
                link(index, true),
                new Link.Inner(new LinkName("eth" + index), "02:00:00:00:00:0" + index, false)));
        return Completable.complete();
    }

    private long preparationsOf(int index) {
        return preparations.stream().filter(prepared -> prepared == index).count();
    }

    private static Link link(int index, boolean up) {
        return new Link(
                index,
                new LinkName("veth" + index),
                List.of(),
                "veth",
                Optional.empty(),
                index,
                NAMESPACE,
                0,
                up,
                false);
    }

    @Test
    void a_step_that_gets_no_answer_by_its_deadline_is_planned_anew() {
        try (BusWatcher watcher = new BusWatcher(bus)) {
            bus.publish(new LinkAppeared(link(SILENT, false)));
            bus.publish(new LinkAppeared(link(OTHER, false)));
            bus.publish(new ContainerStarted(new LxcContainer(ID, "/var/lib/lxc"), PID));
            bus.publish(new BridgeAdded(new Bridge("vmbr0", "system")));
            for (Source source : Source.values()) {
                bus.publish(new SourceListed(source, 0));
            }

            eventually(() -> assertThat(named).contains(SILENT, OTHER));
            assertThat(resolutions).hasSizeGreaterThanOrEqualTo(2);
            assertThat(preparationsOf(SILENT)).isGreaterThanOrEqualTo(2);
            assertThat(router.load().blockingGet().failures().get(Reason.UNAVAILABLE))
                    .isGreaterThanOrEqualTo(2);
            // The user can do nothing about it, so it is not told as a refusal.
            assertThat(watcher.seen(EnrollmentRefused.class)).isEmpty();
        }
    }
}
