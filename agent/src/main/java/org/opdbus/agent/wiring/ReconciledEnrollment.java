// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
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
        return Completable.fromAction(() -> policy.want(container, before)).andThen(look(container.id()));
    }

    @Override
    public Completable forget(ContainerId container) {
        return Completable.fromAction(() -> policy.forget(container)).andThen(look(container));
    }

    /** Has the workloads that an entry names checked again. */
    private Completable look(ContainerId named) {
        return named.kind() == Kind.LXC
                ? reconcile.look(named)
                : present(named).flatMapCompletable(status -> reconcile.look(status.id()));
    }

    /** Returns the workloads that the state file calls so: one, beside which another of the name may leave a port. */
    private Flowable<ContainerStatus> present(ContainerId named) {
        return reconcile
                .status()
                .flattenAsFlowable(statuses -> statuses)
                .filter(status -> status.named().equals(named));
    }

    @Override
    public Single<List<LiveContainer>> live() {
        return reconcile
                .status()
                .map(statuses -> statuses.stream().map(this::live).toList());
    }

    @Override
    public Flowable<LiveContainer> watch(ContainerId container) {
        return container.kind() == Kind.LXC
                ? reconcile.watch(container).map(this::live)
                : present(container)
                        .sorted(Comparator.comparing(status -> !status.running()))
                        .take(1)
                        .concatMap(status -> reconcile.watch(status.id()).map(this::live));
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
        Optional<LinkStatus> first = first(status);
        return new LiveContainer(
                status.named(),
                status.id(),
                phase(status),
                status.running(),
                status.why(),
                first.map(link -> nameOf(status, link)),
                first.flatMap(LinkStatus::bridge).orElse(""),
                first.flatMap(LinkStatus::vlan).map(Integer::longValue));
    }

    /** Returns the first link; of a container of an engine the one that is a port, because the others are the engine's. */
    private static Optional<LinkStatus> first(ContainerStatus status) {
        Optional<LinkStatus> first = status.links().stream().findFirst();
        return status.id().kind().isEngine()
                ? status.links().stream()
                        .filter(link -> link.bridge().isPresent())
                        .findFirst()
                        .or(() -> first)
                : first;
    }

    /** The name that the link should have, if it has it in any way; else the one that it has. */
    private String nameOf(ContainerStatus status, LinkStatus link) {
        String wanted = policy.entry(status.named())
                .flatMap(DesiredContainer::veth)
                .orElseGet(() -> naming.nameFor(status.id(), 0))
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
