// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import java.util.Optional;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.StateEvent.ContainerChanged;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Modify;
import org.opdbus.verticles.state.LiveContainer.Phase;

/**
 * The steps for an entry that only attaches a workload; another program makes, starts and removes the workload. If it does not
 * run, the agent keeps the entry and follows it when it starts. A failing step fails with a {@link StepFailure}.
 */
final class AttachmentSteps {
    private final EnrollmentWork enrollment;
    private final MeshWork mesh;
    private final PendingEntries footprints;
    private final ApplyProgress progress;
    private final EnrollmentWait wait;

    AttachmentSteps(
            EnrollmentWork enrollment,
            MeshWork mesh,
            PendingEntries footprints,
            ApplyProgress progress,
            EnrollmentWait wait) {
        this.mesh = mesh;
        this.enrollment = enrollment;
        this.footprints = footprints;
        this.progress = progress;
        this.wait = wait;
    }

    /**
     * Attaches the workload as the entry says.
     *
     * @param runs whether it runs
     */
    Completable modify(
            Modify modify,
            ContainerState wanted,
            DesiredContainer entry,
            Optional<DesiredContainer> last,
            boolean runs) {
        ContainerId id = wanted.id();
        String bridge = wanted.bridge().orElseThrow();
        boolean leaves = modify.change("properties.network_type").isPresent() && !mesh.isWanted(entry);
        return mesh.check(entry)
                .onErrorResumeNext(failure -> Completable.error(StepFailure.of("mesh", failure)))
                .andThen(runs ? wait.requireBridge(bridge) : Completable.complete())
                .andThen(runs && leaves ? leaveMesh(id) : Completable.complete())
                .andThen(enrollment.want(entry, last))
                .andThen(runs ? attached(wanted).filter(LiveContainer::running) : Maybe.<LiveContainer>empty())
                .flatMap(live -> joined(live, entry).toSingleDefault(live).toMaybe())
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMapCompletable(live -> footprints
                        .record(new ContainerChanged(id, ContainerSteps.after(modify)))
                        .andThen(tell(modify, wanted, live))
                        .andThen(footprint(id, live)));
    }

    /** Waits until the workload is attached as it is wanted, or has stopped. */
    private Single<LiveContainer> attached(ContainerState wanted) {
        String bridge = wanted.bridge().orElseThrow();
        Optional<Object> vlan = Optional.ofNullable(wanted.properties().get("vlan"));
        return wait.until(
                        wanted.id(),
                        "attach",
                        live -> !live.running()
                                || live.phase() == Phase.REFUSED
                                || (live.phase() == Phase.ENROLLED
                                        && live.bridge().equals(bridge)
                                        && (vlan.isEmpty() || vlan.equals(live.vlan())))
                                || (bridge.isEmpty() && isSettled(live)))
                .flatMap(live -> live.running() && live.phase() == Phase.REFUSED
                        ? Single.error(new StepFailure("attach", live.why(), ""))
                        : Single.just(live));
    }

    private Completable joined(LiveContainer live, DesiredContainer entry) {
        return mesh.isWanted(entry)
                ? mesh.look(live.subject()).andThen(wait.joinMesh(live.subject(), live.id(), true))
                : Completable.complete();
    }

    /** Removes the workloads that the state file calls so from their mesh, if they are in one. */
    private Completable leaveMesh(ContainerId named) {
        return enrollment
                .live()
                .flattenAsFlowable(all -> all)
                .filter(live -> live.id().equals(named) && live.running())
                .concatMapCompletable(live -> wait.leaveMesh(live.subject()));
    }

    private static boolean isSettled(LiveContainer live) {
        return live.phase() == Phase.ENROLLED || live.phase() == Phase.LEFT_ALONE;
    }

    private Completable tell(Modify modify, ContainerState wanted, Optional<LiveContainer> live) {
        String name = ApplyLines.name(wanted.id());
        if (live.isEmpty()) {
            String bridge = wanted.bridge().orElse("");
            return done(name
                    + (bridge.isEmpty()
                            ? " is attached to nothing when it starts"
                            : " is attached to bridge " + bridge + " when it starts"));
        }
        ContainerState there = new ContainerState(
                wanted.id(), live.get().veth(), wanted.bridge(), true, wanted.inside(), wanted.properties());
        boolean hasItsLink = modify.change("bridge").isEmpty();
        return Completable.fromAction(() -> {
            for (Change change : modify.changes()) {
                progress.done(ApplyLines.changed(there, change));
                if (hasItsLink && (change.key().equals("ifname") || change.key().equals("mtu"))) {
                    progress.note(change.key() + " of " + ApplyLines.word(wanted.id()) + " " + wanted.id()
                            + " takes effect at its next start");
                }
            }
        });
    }

    /**
     * Takes the entry of a workload back: what it attached is detached. If labels of a container ask for a bridge too, they decide
     * from then on.
     *
     * @param runs whether it runs
     */
    Completable detach(DesiredContainer last, String why, boolean runs) {
        ContainerId id = last.id();
        DesiredContainer nothing =
                new DesiredContainer(id, last.veth(), Optional.of(""), Optional.empty(), ContainerProperties.none());
        Completable detached = (mesh.isWanted(last) ? leaveMesh(id) : Completable.complete())
                .andThen(enrollment.want(nothing, Optional.of(last)))
                .andThen(wait.until(
                        id, "detach", live -> !live.running() || isSettled(live) || live.phase() == Phase.REFUSED))
                .ignoreElement();
        return (runs ? detached : Completable.complete())
                .andThen(enrollment.forget(id))
                .andThen(footprints.record(new ContainerChanged(id, Map.of("bridge", ""))))
                .andThen(done("Took back the entry of " + ApplyLines.word(id) + " " + id + ": " + why))
                .andThen(footprint(id, Optional.empty()));
    }

    /** The enrolment has the workload's own id as its subject, and the change of its entry has the entry's. */
    private Completable footprint(ContainerId id, Optional<LiveContainer> live) {
        return live.map(there -> footprints.written(there.subject()))
                .orElseGet(Completable::complete)
                .andThen(footprints.written(id))
                .andThen(done("Blockchain footprint recorded"));
    }

    private Completable done(String line) {
        return Completable.fromAction(() -> progress.done(line));
    }
}
