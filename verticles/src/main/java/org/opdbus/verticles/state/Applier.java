// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;
import org.opdbus.verticles.state.StateException.Reason;

/**
 * Makes it so: carries out what differs between a wanted state and this host.
 *
 * <p>May be used from any thread. One apply is carried out at a time; whoever comes meanwhile waits for his turn. It goes
 * on to its end even if nobody listens any more. What is done is idempotent: after a crash at any instant, applying the same
 * state again goes on from there.
 */
public final class Applier {
    /** How long a container may take to be enrolled once it runs, and the ledger to take what was done. */
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);

    private static final Duration RECORD_LIMIT = Duration.ofSeconds(10);
    private static final int PARALLEL_MAX = 4;

    private final Bus bus;
    private final ContainerDriver driver;
    private final String driverName;
    private final EnrollmentWork enrollment;
    private final MeshWork mesh;
    private final HostObserver observer;
    private final StateDefaults defaults;
    private final Path recordFile;
    private Completable turn = Completable.complete();

    /**
     * An applier.
     *
     * @param driverName what the driver is called in the ledger
     * @param recordFile where {@link LastApplied} is kept
     */
    public Applier(
            Bus bus,
            ContainerDriver driver,
            String driverName,
            EnrollmentWork enrollment,
            MeshWork mesh,
            StateDefaults defaults,
            Path recordFile) {
        this.bus = bus;
        this.driver = driver;
        this.driverName = driverName;
        this.enrollment = enrollment;
        this.defaults = defaults;
        this.recordFile = recordFile;
        this.mesh = mesh;
        observer = new HostObserver(driver, enrollment, mesh);
    }

    /** What differs now; fails with {@link StateException}, or with what the driver fails with. */
    public Single<StateDiff> diff(DesiredState desired, boolean prune) {
        return record().flatMap(last -> diff(desired, prune, last));
    }

    private Single<LastApplied> record() {
        return Single.fromCallable(() -> LastApplied.load(recordFile)).subscribeOn(Schedulers.io());
    }

    private Single<StateDiff> diff(DesiredState desired, boolean prune, LastApplied last) {
        return Single.fromCallable(() -> defaults.resolve(desired))
                .flatMap(wanted -> observer.observe().map(there -> StateDiff.between(wanted, there, last, prune)));
    }

    /**
     * Makes a state so.
     *
     * @return what it came to, with the containers for which it did not work; fails only if nothing was done at all
     */
    public Single<ApplyReport> apply(DesiredState desired, ApplyOptions options, ApplyProgress progress) {
        return inTurn(record().flatMap(last -> diff(desired, options.prune(), last)
                .flatMap(diff -> options.dryRun()
                        ? plan(diff, progress)
                        : requireSwitch(diff).andThen(carryOut(desired, diff, options, last, progress)))));
    }

    private static Single<ApplyReport> plan(StateDiff diff, ApplyProgress progress) {
        return Single.fromCallable(() -> {
            diff.actions().forEach(change -> progress.done(ApplyLines.planned(change)));
            return new ApplyReport(
                    List.of(),
                    List.of(),
                    List.of(),
                    diff.changes().size() - diff.actions().size(),
                    List.of());
        });
    }

    /** Without the switch nothing can be told about links, so nothing is begun that needs one. */
    private Completable requireSwitch(StateDiff diff) {
        boolean needed = diff.actions().stream()
                .flatMap(change ->
                        diff.desired().stream().filter(wanted -> wanted.id().equals(change.id()) && wanted.running()))
                .anyMatch(wanted ->
                        wanted.bridge().filter(bridge -> !bridge.isEmpty()).isPresent());
        if (!needed) {
            return Completable.complete();
        }
        return enrollment
                .bridges()
                .flatMapCompletable(bridges -> bridges.isPresent()
                        ? Completable.complete()
                        : Completable.error(new StateException(
                                Reason.SWITCH_UNREACHABLE,
                                "Open vSwitch's database cannot be reached; nothing was done",
                                "see that ovsdb-server runs (systemctl status openvswitch-switch), and that ovsdb.socket"
                                        + " in the configuration names its socket")));
    }

    private Single<ApplyReport> carryOut(
            DesiredState desired, StateDiff diff, ApplyOptions options, LastApplied last, ApplyProgress progress) {
        ApplyRun run = new ApplyRun(last, recordFile);
        return withSteps(progress, steps -> {
            Map<ContainerId, DesiredContainer> entries = LastApplied.of(desired).containers();
            Flowable<ContainerChange> changes = Flowable.fromIterable(diff.changes());
            return Completable.concatArray(
                            changes.ofType(Delete.class)
                                    .flatMapCompletable(
                                            change -> run.attempt(
                                                    bus,
                                                    change,
                                                    steps.destroy(change.id(), change.why())
                                                            .andThen(run.forgotten(change.id()))),
                                            false,
                                            PARALLEL_MAX),
                            changes.filter(change -> !(change instanceof Delete) && !(change instanceof Create))
                                    .flatMapCompletable(
                                            change -> run.attempt(
                                                    bus, change, keep(change, entries, diff, last, steps, run)),
                                            false,
                                            PARALLEL_MAX),
                            changes.ofType(Create.class)
                                    .flatMapCompletable(
                                            change -> run.attempt(
                                                    bus,
                                                    change,
                                                    steps.create(
                                                            change.desired(),
                                                            entry(entries, change),
                                                            run.applied(entry(entries, change)))),
                                            false,
                                            PARALLEL_MAX))
                    .andThen(
                            options.whole()
                                    ? run.finished(entries.keySet(), ids(diff.current()), progress)
                                    : Completable.complete())
                    .andThen(Single.fromCallable(run::report));
        });
    }

    private static List<ContainerId> ids(List<ContainerState> containers) {
        return containers.stream().map(ContainerState::id).toList();
    }

    private Completable keep(
            ContainerChange change,
            Map<ContainerId, DesiredContainer> entries,
            StateDiff diff,
            LastApplied last,
            ContainerSteps steps,
            ApplyRun run) {
        DesiredContainer entry = entry(entries, change);
        Optional<DesiredContainer> before =
                Optional.ofNullable(last.containers().get(change.id()));
        if (!(change instanceof Modify modify)) {
            return enrollment.want(entry, before).andThen(run.applied(entry));
        }
        ContainerState wanted = diff.desired().stream()
                .filter(state -> state.id().equals(change.id()))
                .findFirst()
                .orElseThrow();
        return steps.modify(modify, wanted, entry, before).andThen(run.applied(entry));
    }

    private static DesiredContainer entry(Map<ContainerId, DesiredContainer> entries, ContainerChange change) {
        DesiredContainer entry = entries.get(change.id());
        if (entry == null) {
            throw new IllegalStateException("container " + change.id() + " is to be changed and nobody wants it");
        }
        return entry;
    }

    /** Creates one container that no state file need name. */
    public Single<ApplyReport> create(DesiredContainer container, ApplyProgress progress) {
        return driver.exists(container.id())
                .flatMap(exists -> exists
                        ? Single.error(new StateException(
                                Reason.ALREADY_EXISTS,
                                "there is a container " + container.id() + " already",
                                "choose another id, or destroy it first"))
                        : apply(DesiredState.of(List.of(container)), ApplyOptions.some(), progress));
    }

    /** Starts a container and waits until it is enrolled, if it is to be. */
    public Single<ApplyReport> start(ContainerId id, ApplyProgress progress) {
        return one(id, progress, (steps, run) -> steps.start(id).doOnComplete(() -> run.changed(id)));
    }

    /** Stops a container and waits until its ports are gone. */
    public Single<ApplyReport> stop(ContainerId id, ApplyProgress progress) {
        return one(id, progress, (steps, run) -> steps.stop(id).doOnComplete(() -> run.changed(id)));
    }

    /** Stops a container and destroys it with its files. */
    public Single<ApplyReport> destroy(ContainerId id, ApplyProgress progress) {
        return one(
                id,
                progress,
                (steps, run) -> steps.destroy(id, "told to")
                        .doOnComplete(() -> run.destroyed(id))
                        .andThen(run.forgotten(id)));
    }

    private interface OneContainer {
        Completable carryOut(ContainerSteps steps, ApplyRun run);
    }

    private Single<ApplyReport> one(ContainerId id, ApplyProgress progress, OneContainer work) {
        return inTurn(record().flatMap(last -> {
            ApplyRun run = new ApplyRun(last, recordFile);
            return withSteps(
                    progress,
                    steps -> run.guard(bus, id, work.carryOut(steps, run)).andThen(Single.fromCallable(run::report)));
        }));
    }

    private Single<ApplyReport> withSteps(ApplyProgress progress, Function<ContainerSteps, Single<ApplyReport>> work) {
        return Single.using(
                () -> new PendingEntries(bus, RECORD_LIMIT),
                footprints -> work.apply(new ContainerSteps(
                        driver, driverName, enrollment, mesh, footprints, new InOrder(progress), SETTLE_LIMIT)),
                PendingEntries::dispose);
    }

    /** Begins when whoever came before has ended, however that was. */
    private <T> Single<T> inTurn(Single<T> work) {
        return Single.defer(() -> {
            CompletableSubject ended = CompletableSubject.create();
            Completable before;
            synchronized (this) {
                before = turn;
                turn = ended;
            }
            return before.andThen(work).doFinally(ended::onComplete);
        });
    }

    /** Lines of containers that are worked on at the same time come one after the other. */
    private record InOrder(ApplyProgress progress) implements ApplyProgress {
        @Override
        public void done(String line) {
            synchronized (progress) {
                progress.done(line);
            }
        }

        @Override
        public void note(String line) {
            synchronized (progress) {
                progress.note(line);
            }
        }
    }
}
