// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkName;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.hotpath.RuleOrder;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.rename.RenameStep.ResolveNamespace;
import org.opdbus.verticles.view.HostView;

/** A host with many containers: a pass does not hold up what happens meanwhile, and leaves none of them out. */
class ManyContainersTest {
    private static final int CONTAINERS = 1_000;

    /** A turn ends after 64 links, and each container of this test counts as itself and its link. */
    private static final int CONTAINERS_A_TURN = 32;

    private final TestScheduler time = new TestScheduler();
    private final HostView view = new HostView(new HostView.Start("here", false, 1, List.of()));
    private final Planner planner =
            new Planner(view, RuleOrder.of(view, new QuietTimes(name -> {}), new NamingRule("vi{id}"), true));
    private final List<ContainerId> planned = new ArrayList<>();
    private final Reconciler reconciler = new Reconciler(
            view,
            (id, intent, earlier, stale) -> {
                planned.add(id);
                return planner.plan(id, intent, earlier, stale);
            },
            id -> Intent.automatic("vmbr0", Naming.AUTO),
            new Reconciler.Outside(fact -> {}, this::carryOut, looked -> {}, failures -> 50, time));

    private Completable carryOut(PlannedStep step) {
        if (step instanceof ResolveNamespace resolve) {
            reconciler.hear(new NamespaceResolved(
                    resolve.container(), resolve.initPid(), (int) resolve.initPid(), resolve.question()));
            return Completable.complete();
        }
        return Completable.never();
    }

    private static ContainerId id(int number) {
        return new ContainerId("c" + number);
    }

    private static Link link(int number, boolean up) {
        return new Link(
                number, new LinkName("veth" + number), List.of(), "veth", Optional.empty(), 1, number, 0, up, false);
    }

    @BeforeEach
    void startContainers() {
        for (Source source : Source.values()) {
            reconciler.hear(new SourceListed(source, 0));
        }
        for (int number = 1; number <= CONTAINERS; number++) {
            reconciler.hear(new LinkAppeared(link(number, false)));
            reconciler.hear(new ContainerStarted(new LxcContainer(id(number), "/var/lib/lxc"), number));
        }
        time.triggerActions();
        planned.clear();
    }

    /** Runs all turns; returns what was planned in the first one. */
    private List<ContainerId> plannedInFirstTurn() {
        List<ContainerId> first = new ArrayList<>();
        // The router asks for the second turn at the end of the first, so this comes between them.
        time.scheduleDirect(() -> first.addAll(planned));
        time.triggerActions();
        return first;
    }

    @Test
    void a_pass_plans_each_container_once_and_a_few_in_each_turn() {
        reconciler.lookAtAll();
        assertThat(reconciler.isIdle()).isFalse();
        assertThat(plannedInFirstTurn()).hasSize(CONTAINERS_A_TURN);
        assertThat(planned).hasSize(CONTAINERS).doesNotHaveDuplicates();
    }

    @Test
    void a_fact_does_not_wait_for_the_pass_and_its_container_is_not_planned_again_by_it() {
        reconciler.lookAtAll();
        reconciler.hear(new LinkChanged(link(CONTAINERS, false), link(CONTAINERS, true)));
        time.triggerActions();
        assertThat(planned.get(0)).isEqualTo(id(CONTAINERS));
        assertThat(planned).hasSize(CONTAINERS).doesNotHaveDuplicates();
    }

    @Test
    void facts_that_come_together_have_a_container_planned_once() {
        reconciler.hear(new LinkChanged(link(1, false), link(1, true)));
        reconciler.hear(new LinkChanged(link(1, true), link(1, false)));
        time.triggerActions();
        assertThat(planned).containsExactly(id(1));
    }

    @Test
    void a_fact_about_all_containers_is_worked_off_in_turns_too() {
        reconciler.hear(new SourceLost(Source.OVSDB, "gone"));
        // Without the database no link is planned, so more containers have a turn.
        assertThat(plannedInFirstTurn()).hasSize(2 * CONTAINERS_A_TURN);
        assertThat(new HashSet<>(planned)).hasSize(CONTAINERS);
    }

    @Test
    void a_question_about_a_container_has_it_checked_first() {
        reconciler.hear(new SourceLost(Source.OVSDB, "gone"));
        assertThat(reconciler.status(id(7)).why()).contains("cannot be reached");
        assertThat(planned).containsExactly(id(7));
        assertThat(reconciler.status())
                .hasSize(CONTAINERS)
                .allMatch(status -> status.standing() == ContainerPhase.WAITING);
    }
}
