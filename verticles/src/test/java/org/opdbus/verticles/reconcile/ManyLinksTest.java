// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.AnswerEvent.PortsHeard;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkName;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.hotpath.RuleOrder;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.rename.RenameStep.HearPorts;
import org.opdbus.verticles.rename.RenameStep.ResolveNamespace;
import org.opdbus.verticles.view.HostView;

/** A container with many links: they do not wait for one another, and a fact about one causes no planning for the others. */
class ManyLinksTest {
    private static final ContainerId ID = new ContainerId("100");
    private static final int NAMESPACE = 7;
    private static final int LINKS = 100;

    private final TestScheduler time = new TestScheduler();
    private final HostView view = new HostView(new HostView.Start("here", false, 1, List.of()));
    private final Planner planner =
            new Planner(view, RuleOrder.of(view, new QuietTimes(name -> {}), new NamingRule("vi{id}"), true));
    private final List<PlannedStep> begun = new ArrayList<>();
    private final List<CompletableSubject> underWay = new ArrayList<>();
    private final List<Plan> plans = new ArrayList<>();
    private final Reconciler reconciler = new Reconciler(
            view,
            (id, intent, earlier, stale) -> {
                Plan plan = planner.plan(id, intent, earlier, stale);
                plans.add(plan);
                return plan;
            },
            id -> Intent.automatic("vmbr0", Naming.AUTO),
            new Reconciler.Outside(fact -> {}, this::carryOut, looked -> {}, failures -> 50, time));

    private Completable carryOut(PlannedStep step) {
        if (step instanceof ResolveNamespace resolve) {
            hear(new NamespaceResolved(ID, resolve.initPid(), NAMESPACE, resolve.question()));
            return Completable.complete();
        }
        begun.add(step);
        CompletableSubject subject = CompletableSubject.create();
        underWay.add(subject);
        return subject;
    }

    private void hear(Event event) {
        reconciler.hear(event);
        time.triggerActions();
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

    @BeforeEach
    void startContainer() {
        for (int index = 1; index <= LINKS; index++) {
            hear(new LinkAppeared(link(index, false)));
        }
        hear(new ContainerStarted(new LxcContainer(ID, "/var/lib/lxc"), 4711));
        hear(new BridgeAdded(new Bridge("vmbr0", "system")));
        for (Source source : Source.values()) {
            hear(new SourceListed(source, 0));
        }
    }

    @Test
    void its_links_are_worked_on_side_by_side_but_not_all_at_once() {
        assertThat(begun).hasSize(16).allSatisfy(step -> assertThat(step).isInstanceOf(HearPorts.class));
        assertThat(begun).extracting(PlannedStep::about).doesNotHaveDuplicates();
    }

    @Test
    void a_link_that_takes_its_time_or_fails_holds_up_no_other() {
        underWay.get(3).onError(new StepException(StepException.Reason.UNAVAILABLE, "busy"));
        assertThat(begun).hasSize(17);
        underWay.get(7).onComplete();
        // It is done, but does not show yet: its own next step waits for that.
        assertThat(begun).hasSize(17);
        hear(new PortsHeard(ID, 4711, 8));
        assertThat(begun.subList(16, 18)).extracting(PlannedStep::about).containsExactly("veth17", "veth8");
        // The one that failed is tried again as soon as there is room for it.
        time.advanceTimeBy(1, TimeUnit.SECONDS);
        underWay.get(0).onError(new StepException(StepException.Reason.UNAVAILABLE, "busy"));
        assertThat(begun.subList(18, begun.size()))
                .extracting(PlannedStep::about)
                .containsExactly("veth4");
    }

    @Test
    void a_fact_about_one_link_plans_for_no_other_link() {
        plans.clear();
        hear(new LinkChanged(link(60, false), link(60, true)));
        assertThat(plans).hasSize(1);
        assertThat(plans.get(0).renewed()).containsExactly(60);
        assertThat(plans.get(0).links()).hasSize(LINKS);
    }
}
