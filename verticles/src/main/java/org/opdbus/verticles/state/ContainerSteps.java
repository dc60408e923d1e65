// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.events.StateEvent.ContainerChanged;
import org.opdbus.events.StateEvent.ContainerCreated;
import org.opdbus.events.StateEvent.ContainerDestroyed;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.driver.NewContainer;
import org.opdbus.verticles.driver.PropertyChanges;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Modify;
import org.opdbus.verticles.state.LiveContainer.Phase;

/**
 * The steps that change one container. A failing step fails with a {@link StepFailure} that names it. The completed
 * steps remain, and the next apply continues from there.
 */
final class ContainerSteps {
    /** A property that belongs to the enrolment and that no driver gets. */
    private static final Set<String> ENROLLMENT_KEYS = Set.of("network_type", "netmaker_token_env");

    private static final String PREFIX = "properties.";
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final ContainerDriver driver;
    private final String driverName;
    private final EnrollmentWork enrollment;
    private final MeshWork mesh;
    private final PendingEntries footprints;
    private final ApplyProgress progress;
    private final EnrollmentWait wait;

    ContainerSteps(
            ContainerDriver driver,
            String driverName,
            EnrollmentWork enrollment,
            MeshWork mesh,
            PendingEntries footprints,
            ApplyProgress progress,
            EnrollmentWait wait) {
        this.driver = driver;
        this.driverName = driverName;
        this.enrollment = enrollment;
        this.mesh = mesh;
        this.footprints = footprints;
        this.progress = progress;
        this.wait = wait;
    }

    /** Creates a container, and starts it if it must run. */
    Completable create(ContainerState wanted, DesiredContainer entry, Completable created) {
        ContainerId id = wanted.id();
        LinkName link = new LinkName(wanted.veth().orElseThrow());
        String bridge = wanted.bridge().orElseThrow();
        Completable creation = step("create", driver.create(new NewContainer(id, link, bridge, entry.properties())));
        return checkMesh(entry)
                .andThen(wait.requireBridge(bridge))
                .andThen(enrollment.want(entry, Optional.empty()))
                .andThen(creation.onErrorResumeNext(
                        failure -> enrollment.forget(id).andThen(Completable.error(failure))))
                .andThen(footprints.record(new ContainerCreated(id, driverName, link, bridge)))
                .andThen(done("Created container " + id))
                .andThen(created)
                .andThen(
                        wanted.running()
                                ? step("start", driver.start(id))
                                        .andThen(settle(id))
                                        .flatMapCompletable(this::tellLink)
                                        .andThen(wait.joinMesh(id, id, mesh.isWanted(entry)))
                                : Completable.complete())
                .andThen(footprint(id));
    }

    /** Changes a container. */
    Completable modify(Modify modify, ContainerState wanted, DesiredContainer entry, Optional<DesiredContainer> last) {
        ContainerId id = wanted.id();
        Optional<Change> running = modify.change("running");
        boolean stops = running.isPresent() && !wanted.running();
        boolean starts = running.isPresent() && wanted.running();
        boolean leaves = modify.change("properties.network_type").isPresent() && !mesh.isWanted(entry);
        return checkMesh(entry)
                .andThen(requireChangeable(modify))
                .andThen(wanted.running() ? wait.requireBridge(wanted.bridge().orElseThrow()) : Completable.complete())
                .andThen(stops ? stopAndRest(id) : Completable.complete())
                .andThen(leaves ? wait.leaveMesh(id) : Completable.complete())
                .andThen(enrollment.want(entry, last))
                .andThen(mesh.isWanted(entry) ? mesh.look(id) : Completable.complete())
                .andThen(configure(modify, entry)
                        .onErrorResumeNext(failure -> wantAgain(id, last).andThen(Completable.error(failure))))
                .andThen(starts ? step("start", driver.start(id)) : Completable.complete())
                .andThen(wanted.running() ? settle(modify, entry).ignoreElement() : Completable.complete())
                .andThen(wait.joinMesh(id, id, wanted.running() && mesh.isWanted(entry)))
                .andThen(footprints.record(new ContainerChanged(id, after(modify))))
                .andThen(Completable.fromAction(
                        () -> modify.changes().forEach(change -> progress.done(ApplyLines.changed(wanted, change)))))
                .andThen(footprint(id));
    }

    /** Stops a container and destroys it. */
    Completable destroy(ContainerId id, String why) {
        return wait.leaveMesh(id)
                .andThen(stopAndRest(id))
                .andThen(step("destroy", driver.destroy(id)))
                .andThen(enrollment.forget(id))
                .andThen(footprints.record(new ContainerDestroyed(id, why)))
                .andThen(done("Destroyed container " + id))
                .andThen(footprint(id));
    }

    /** Starts a container and, if it must be enrolled, waits until it is. */
    Completable start(ContainerId id) {
        return step("start", driver.start(id))
                .andThen(done("Started container " + id))
                .andThen(settle(id))
                .flatMapCompletable(this::tellLink)
                .andThen(footprint(id));
    }

    /** Stops a container and waits until its links are gone from the bridges. */
    Completable stop(ContainerId id) {
        return stopAndRest(id).andThen(done("Stopped container " + id)).andThen(footprint(id));
    }

    private Completable stopAndRest(ContainerId id) {
        return step("stop", driver.stop(id, STOP_GRACE))
                .andThen(wait.until(id, "leave", live -> live.phase() == Phase.AT_REST && !live.running())
                        .ignoreElement());
    }

    /** Passes the driver's part of a change to the driver. */
    private Completable configure(Modify modify, DesiredContainer entry) {
        Map<String, Object> wanted = entry.properties().toMap();
        Map<String, Object> values = new HashMap<>();
        Set<String> removed = new TreeSet<>();
        for (Change change : modify.changes()) {
            String key = change.key().startsWith(PREFIX) ? change.key().substring(PREFIX.length()) : "";
            if (key.isEmpty() || ENROLLMENT_KEYS.contains(key)) {
                continue;
            }
            change.after().ifPresentOrElse(value -> values.put(key, value), () -> removed.add(key));
        }
        if (values.containsKey("ipv4") || values.containsKey("gateway") || removed.contains("gateway")) {
            // The router is reached through the address, so both are set together.
            Set.of("ipv4", "gateway").stream()
                    .filter(wanted::containsKey)
                    .forEach(key -> values.put(key, wanted.get(key)));
        }
        if (values.isEmpty() && removed.isEmpty()) {
            return Completable.complete();
        }
        PropertyChanges changes = new PropertyChanges(ContainerProperties.of(values), removed);
        return Single.defer(() -> driver.set(modify.id(), changes))
                .doOnSuccess(pending -> pending.forEach(key -> progress.note(key + " of container " + modify.id()
                        + " takes effect at the next start of the " + "container")))
                .onErrorResumeNext(failure -> Single.error(StepFailure.of("change", failure)))
                .ignoreElement();
    }

    private static Completable requireChangeable(Modify modify) {
        return modify.changes().stream()
                .map(Change::key)
                .filter(key -> PropertyChanges.FIXED_AT_CREATION.contains(key.substring(key.indexOf('.') + 1)))
                .findFirst()
                .map(key -> Completable.error(new StepFailure(
                        "change",
                        key + " of container " + modify.id()
                                + " cannot be changed: it was set when the container was created",
                        "destroy the container and apply again, or take the key out of the state file")))
                .orElseGet(Completable::complete);
    }

    private Completable checkMesh(DesiredContainer entry) {
        return step("mesh", mesh.check(entry));
    }

    /**
     * After a change that failed, restores the former wanted state, so that no part of the change is carried out
     * later.
     */
    private Completable wantAgain(ContainerId id, Optional<DesiredContainer> last) {
        return last.map(before -> enrollment.want(before, Optional.empty())).orElseGet(() -> enrollment.forget(id));
    }

    /** Waits until the container is enrolled in its present form; an enrolment before the change does not count. */
    private Single<LiveContainer> settle(Modify modify, DesiredContainer entry) {
        Optional<Long> vlan = entry.properties().vlan();
        boolean tagged = modify.change("properties.vlan").isPresent() && vlan.isPresent();
        return settle(modify.id(), live -> !tagged || live.vlan().equals(vlan));
    }

    private Single<LiveContainer> settle(ContainerId id) {
        return settle(id, live -> true);
    }

    private Single<LiveContainer> settle(ContainerId id, Predicate<LiveContainer> asWanted) {
        return wait.until(
                        id,
                        "enrol",
                        live -> live.running()
                                && (live.phase() != Phase.ENROLLED || asWanted.test(live))
                                && (live.phase() == Phase.ENROLLED
                                        || live.phase() == Phase.LEFT_ALONE
                                        || live.phase() == Phase.REFUSED))
                .flatMap(live -> live.phase() == Phase.REFUSED
                        ? Single.error(new StepFailure("enrol", live.why(), ""))
                        : Single.just(live));
    }

    private Completable tellLink(LiveContainer live) {
        return Completable.fromAction(() -> {
            live.veth().ifPresent(name -> progress.done("Renamed veth to " + name));
            if (!live.bridge().isEmpty()) {
                progress.done("Added " + live.veth().orElse("link") + " to bridge " + live.bridge());
            }
        });
    }

    private Completable footprint(ContainerId id) {
        return footprints.written(id).andThen(done("Blockchain footprint recorded"));
    }

    private Completable done(String line) {
        return Completable.fromAction(() -> progress.done(line));
    }

    private static Completable step(String name, Completable work) {
        return work.onErrorResumeNext(failure -> Completable.error(StepFailure.of(name, failure)));
    }

    /** Returns the new values of a change, as the ledger has them. */
    static Map<String, String> after(Modify modify) {
        Map<String, String> after = new LinkedHashMap<>();
        modify.changes()
                .forEach(change -> after.put(
                        change.key(), change.after().map(Object::toString).orElse("")));
        return after;
    }
}
