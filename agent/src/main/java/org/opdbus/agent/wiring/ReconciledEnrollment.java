// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts.Heard;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.reconcile.ReconcileVerticle;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.state.EnrollmentWork;
import org.opdbus.verticles.state.HostObserver.Seen;
import org.opdbus.verticles.state.LiveContainer;
import org.opdbus.verticles.state.LiveContainer.Phase;
import org.opdbus.verticles.state.policy.StatePolicy;

/** Joins what carrying out a state needs to the reconciler, and to the policy that it follows. */
final class ReconciledEnrollment implements EnrollmentWork {
    private final ReconcileVerticle reconcile;
    private final StatePolicy policy;
    private final NamingRule naming;

    ReconciledEnrollment(ReconcileVerticle reconcile, StatePolicy policy, NamingRule naming) {
        this.reconcile = reconcile;
        this.policy = policy;
        this.naming = naming;
    }

    @Override
    public Completable want(DesiredContainer container, Optional<DesiredContainer> before) {
        return Completable.fromAction(() -> policy.want(container, before)).andThen(reconcile.look(container.id()));
    }

    @Override
    public Completable forget(ContainerId container) {
        return Completable.fromAction(() -> policy.forget(container)).andThen(reconcile.look(container));
    }

    @Override
    public Single<List<LiveContainer>> live() {
        return reconcile
                .status()
                .map(statuses -> statuses.stream().map(this::live).toList());
    }

    @Override
    public Flowable<LiveContainer> watch(ContainerId container) {
        return reconcile.watch(container).map(this::live);
    }

    @Override
    public Single<Optional<Set<String>>> bridges() {
        return reconcile.bridges();
    }

    /** What is live of containers, as the inventory has it. */
    Seen seen(Inventory now) {
        return new Seen(
                now.containersById().stream()
                        .map(container -> live(container.status()))
                        .toList(),
                now.host().source(Source.OVSDB).heard() == Heard.LISTED,
                now.containers().values().stream()
                        .filter(container -> container
                                .mesh()
                                .standing()
                                .filter(MeshStanding::joined)
                                .isPresent())
                        .map(KnownContainer::id)
                        .collect(Collectors.toSet()));
    }

    private LiveContainer live(ContainerStatus status) {
        Optional<LinkStatus> first = status.links().stream().findFirst();
        return new LiveContainer(
                status.id(),
                phase(status),
                status.running(),
                status.why(),
                first.map(link -> nameOf(status.id(), link)),
                first.flatMap(LinkStatus::bridge).orElse(""),
                first.flatMap(LinkStatus::vlan).map(Integer::longValue));
    }

    /** The name that the link should have, if it has it in any way; else the one that it has. */
    private String nameOf(ContainerId id, LinkStatus link) {
        String wanted = policy.entry(id)
                .flatMap(DesiredContainer::veth)
                .orElseGet(() -> naming.nameFor(id, 0))
                .value();
        return link.answersTo(wanted) ? wanted : link.name();
    }

    private static Phase phase(ContainerStatus status) {
        return switch (status.standing()) {
            case STOPPED -> Phase.AT_REST;
            case ENROLLED -> Phase.ENROLLED;
            case REFUSED, DRIFTED -> Phase.REFUSED;
            case LEFT_ALONE -> Phase.LEFT_ALONE;
            case WAITING, WORKING, WITHOUT_LINK -> Phase.UNDER_WAY;
        };
    }
}
