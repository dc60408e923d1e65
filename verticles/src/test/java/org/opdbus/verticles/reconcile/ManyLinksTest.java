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
import org.opdbus.events.Bridge;
import org.opdbus.events.Container;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkName;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.verticles.reconcile.Action.PrepareLink;
import org.opdbus.verticles.reconcile.Action.ResolveNamespace;
import org.opdbus.verticles.reconcile.Intent.Naming;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;

/** A container with many links: they do not wait for one another, and a fact about one makes nobody plan for the others. */
class ManyLinksTest {
    private static final ContainerId ID = new ContainerId("100");
    private static final int NAMESPACE = 7;
    private static final int LINKS = 100;

    private final TestScheduler time = new TestScheduler();
    private final HostView view = new HostView("here");
    private final Enrollments enrollments = new Enrollments(List.of());
    private final Planner planner =
            new Planner(view, enrollments, new QuietTimes(time, name -> {}), new NamingRule("vi{id}"), true);
    private final List<Action> begun = new ArrayList<>();
    private final List<CompletableSubject> underWay = new ArrayList<>();
    private final List<Plan> plans = new ArrayList<>();
    private final Reconciler reconciler = new Reconciler(
            fact -> {},
            view,
            enrollments,
            (id, intent, earlier, stale) -> {
                Plan plan = planner.plan(id, intent, earlier, stale);
                plans.add(plan);
                return plan;
            },
            id -> Intent.automatic("vmbr0", Naming.AUTO),
            this::carryOut,
            failures -> 50,
            time,
            looked -> {});

    private Completable carryOut(Action action) {
        if (action instanceof ResolveNamespace resolve) {
            view.resolved(ID, resolve.initPid(), NAMESPACE);
            return Completable.complete();
        }
        begun.add(action);
        CompletableSubject subject = CompletableSubject.create();
        underWay.add(subject);
        return subject;
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
            reconciler.hear(new LinkAppeared(link(index, false)));
        }
        reconciler.hear(new ContainerStarted(new Container(ID, "/var/lib/lxc"), 4711));
        reconciler.hear(new BridgeAdded(new Bridge("vmbr0", "system")));
        for (Source source : Source.values()) {
            reconciler.hear(new SourceListed(source, 0));
        }
    }

    @Test
    void its_links_are_worked_on_side_by_side_but_not_all_at_once() {
        assertThat(begun).hasSize(16).allSatisfy(action -> assertThat(action).isInstanceOf(PrepareLink.class));
        assertThat(begun).extracting(Action::about).doesNotHaveDuplicates();
    }

    @Test
    void a_link_that_takes_its_time_or_fails_holds_up_no_other() {
        underWay.get(3).onError(new StepException(StepException.Reason.UNAVAILABLE, "busy"));
        assertThat(begun).hasSize(17);
        underWay.get(7).onComplete();
        // It is done, but does not show yet: its own next step waits for that.
        assertThat(begun).hasSize(17);
        reconciler.hear(new LinkChanged(link(8, false), link(8, true)));
        assertThat(begun.subList(16, 18)).extracting(Action::about).containsExactly("veth17", "veth8");
        // The one that failed is tried again as soon as there is room for it.
        time.advanceTimeBy(1, TimeUnit.SECONDS);
        underWay.get(0).onError(new StepException(StepException.Reason.UNAVAILABLE, "busy"));
        assertThat(begun.subList(18, begun.size())).extracting(Action::about).containsExactly("veth4");
    }

    @Test
    void a_fact_about_one_link_plans_for_no_other_link() {
        plans.clear();
        reconciler.hear(new LinkChanged(link(60, false), link(60, true)));
        assertThat(plans).hasSize(1);
        assertThat(plans.get(0).renewed()).containsExactly(60);
        assertThat(plans.get(0).links()).hasSize(LINKS);
    }
}
