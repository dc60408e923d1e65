// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.Container;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkName;
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
                    resolve.container(),
                    resolve.initPid(),
                    (int) resolve.initPid(),
                    resolve.question()));
            return Completable.complete();
        }
        return Completable.never();
    }

    private static ContainerId id(int number) {
        return new ContainerId("c" + number);
    }

    private static Link link(int number, boolean up) {
        return new Link(
                number,
                new LinkName("veth" + number),
                List.of(),
                "veth",
                Optional.empty(),
                1,
                number,
                0,
                up,
                false);
    }

    @BeforeEach
    void startContainers() {
        for (Source source : Source.values()) {
            reconciler.hear(new SourceListed(source, 0));
        }
        for (int number = 1; number <= CONTAINERS; number++) {
            reconciler.hear(new LinkAppeared(link(number, false)));
            reconciler.hear(new ContainerStarted(new Container(id(number), "/var/lib/lxc"), number));
        }
        time.triggerActions();
        planned.clear();
    }

    @Test
    void a_pass_plans_each_container_once_and_a_few_in_each_turn() {
        reconciler.lookAtAll();
        assertThat(planned).hasSize(CONTAINERS_A_TURN);
        assertThat(reconciler.isIdle()).isFalse();
        time.triggerActions();
        assertThat(planned).hasSize(CONTAINERS).doesNotHaveDuplicates();
    }

    @Test
    void a_fact_does_not_wait_for_the_pass_and_its_container_is_not_planned_again_by_it() {
        reconciler.lookAtAll();
        int unplanned = IntStream.rangeClosed(1, CONTAINERS)
                .filter(number -> !planned.contains(id(number)))
                .findFirst()
                .orElseThrow();
        planned.clear();
        reconciler.hear(new LinkChanged(link(unplanned, false), link(unplanned, true)));
        assertThat(planned).containsExactly(id(unplanned));
        time.triggerActions();
        assertThat(planned).hasSize(CONTAINERS - CONTAINERS_A_TURN).doesNotHaveDuplicates();
    }

    @Test
    void a_fact_about_all_containers_is_worked_off_in_turns_too() {
        reconciler.hear(new SourceLost(Source.OVSDB, "gone"));
        // Without the database no link is planned, so more containers have a turn.
        assertThat(planned).hasSize(2 * CONTAINERS_A_TURN);
        // A question about a container that has not had its turn has it checked first.
        ContainerId unplanned = view.everyContainer().stream()
                .filter(id -> !planned.contains(id))
                .findFirst()
                .orElseThrow();
        assertThat(reconciler.status(unplanned).why()).contains("cannot be reached");
        assertThat(planned).hasSize(2 * CONTAINERS_A_TURN + 1);
        reconciler.checkAll();
        assertThat(new HashSet<>(planned)).hasSize(CONTAINERS);
        assertThat(reconciler.status())
                .hasSize(CONTAINERS)
                .allMatch(status -> status.standing() == ContainerPhase.WAITING);
    }
}
