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
import java.util.function.Predicate;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.StateException.Reason;

/**
 * Applies a state: carries out the differences between the wanted state and this host.
 *
 * <p>Any thread may use it. It carries out one apply at a time; later callers wait for their turn. An apply continues
 * to its end even if no caller listens any more. All steps are idempotent: after a crash at any moment, a new apply
 * of the same state continues from there.
 */
public final class Applier {
    /** The time limit for a running container to be enrolled, and for the ledger to record the changes. */
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
     * Creates an applier.
     *
     * @param driverName the name of the driver in the ledger
     * @param recordFile the file of {@link LastApplied}
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

    /** Returns the present differences; fails with {@link StateException}, or with the driver's failure. */
    public Single<StateDiff> diff(DesiredState desired, ApplyOptions options) {
        return record().flatMap(last -> diff(desired, options, last));
    }

    private Single<LastApplied> record() {
        return Single.fromCallable(() -> LastApplied.load(recordFile)).subscribeOn(Schedulers.io());
    }

    private Single<StateDiff> diff(DesiredState desired, ApplyOptions options, LastApplied last) {
        return Single.fromCallable(() -> options.concerned(defaults.resolve(desired), ContainerState::id))
                .flatMap(wanted -> observer.observeAll()
                        .map(there -> StateDiff.between(
                                wanted,
                                options.concerned(there, ContainerState::id),
                                defaults.resolve(last.only(options::concerns)),
                                options.prune())));
    }

    /**
     * Applies a state.
     *
     * @return the result, with the containers for which it failed; fails only if nothing was done at all
     */
    public Single<ApplyReport> apply(DesiredState desired, ApplyOptions options, ApplyProgress progress) {
        return inTurn(record().flatMap(last -> diff(desired, options, last)
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

    /** Without the switch the state of links is unknown, so no work is begun that needs a link. */
    private Completable requireSwitch(StateDiff diff) {
        if (diff.actions().stream().noneMatch(change -> needsSwitch(change.id(), diff))) {
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

    private static boolean needsSwitch(ContainerId id, StateDiff diff) {
        if (StateDiff.isAttachment(id)) {
            return diff.runs(id);
        }
        return diff.desired().stream()
                .filter(wanted -> wanted.id().equals(id) && wanted.running())
                .anyMatch(wanted ->
                        wanted.bridge().filter(bridge -> !bridge.isEmpty()).isPresent());
    }

    private Single<ApplyReport> carryOut(
            DesiredState desired, StateDiff diff, ApplyOptions options, LastApplied last, ApplyProgress progress) {
        ApplyRun run = new ApplyRun(last, recordFile);
        Map<ContainerId, DesiredContainer> entries = LastApplied.of(desired).containers();
        return withSteps(progress, steps -> {
            ChangeSteps changes = new ChangeSteps(diff, entries, last, steps, enrollment, run);
            return Flowable.<Predicate<ContainerChange>>just(
                            Delete.class::isInstance,
                            change -> !(change instanceof Delete) && !(change instanceof Create),
                            Create.class::isInstance)
                    .concatMapCompletable(kind -> Flowable.fromIterable(diff.changes())
                            .filter(kind::test)
                            .flatMapCompletable(
                                    change -> run.attempt(bus, change, changes.of(change)), false, PARALLEL_MAX))
                    .andThen(
                            options.whole()
                                    ? run.finished(options, entries.keySet(), ids(diff.current()), progress)
                                    : Completable.complete())
                    .andThen(Single.fromCallable(run::report));
        });
    }

    private static List<ContainerId> ids(List<ContainerState> containers) {
        return containers.stream().map(ContainerState::id).toList();
    }

    /** The steps for containers of LXC, and for entries that only attach their workload. */
    record Steps(ContainerSteps containers, AttachmentSteps attachments) {}

    /** Creates one container, which need not be in a state file. */
    public Single<ApplyReport> create(DesiredContainer container, ApplyProgress progress) {
        return driver.exists(container.id())
                .flatMap(exists -> exists
                        ? Single.error(new StateException(
                                Reason.ALREADY_EXISTS,
                                "there is a container " + container.id() + " already",
                                "choose another id, or destroy it first"))
                        : apply(DesiredState.of(List.of(container)), ApplyOptions.some(), progress));
    }

    /** Starts a container and, if it must be enrolled, waits until it is. */
    public Single<ApplyReport> start(ContainerId id, ApplyProgress progress) {
        return one(id, progress, (steps, run) -> steps.containers.start(id).doOnComplete(() -> run.changed(id)));
    }

    /** Stops a container and waits until its ports are gone. */
    public Single<ApplyReport> stop(ContainerId id, ApplyProgress progress) {
        return one(id, progress, (steps, run) -> steps.containers.stop(id).doOnComplete(() -> run.changed(id)));
    }

    /** Stops a container and destroys it with its files. */
    public Single<ApplyReport> destroy(ContainerId id, ApplyProgress progress) {
        return one(
                id,
                progress,
                (steps, run) -> steps.containers
                        .destroy(id, "told to")
                        .doOnComplete(() -> run.destroyed(id))
                        .andThen(run.forgotten(id)));
    }

    private interface OneContainer {
        Completable carryOut(Steps steps, ApplyRun run);
    }

    private Single<ApplyReport> one(ContainerId id, ApplyProgress progress, OneContainer work) {
        if (StateDiff.isAttachment(id)) {
            return Single.error(new StateException(
                    Reason.NOT_OURS,
                    id + " is none of LXC's containers",
                    "start, stop and remove it with the program that made it"));
        }
        return inTurn(record().flatMap(last -> {
            ApplyRun run = new ApplyRun(last, recordFile);
            return withSteps(
                    progress,
                    steps -> run.guard(bus, id, work.carryOut(steps, run)).andThen(Single.fromCallable(run::report)));
        }));
    }

    private Single<ApplyReport> withSteps(ApplyProgress progress, Function<Steps, Single<ApplyReport>> work) {
        return Single.using(
                () -> new PendingEntries(bus, RECORD_LIMIT),
                footprints -> {
                    ApplyProgress lines = new InOrder(progress);
                    EnrollmentWait wait = new EnrollmentWait(enrollment, mesh, lines, SETTLE_LIMIT);
                    return work.apply(new Steps(
                            new ContainerSteps(driver, driverName, enrollment, mesh, footprints, lines, wait),
                            new AttachmentSteps(enrollment, mesh, footprints, lines, wait)));
                },
                PendingEntries::dispose);
    }

    /** Begins when the earlier caller's work has ended, successful or not. */
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

    /** The lines of containers that are processed at the same time come one after the other. */
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
