// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.StateEvent.ApplyFailed;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.state.ApplyReport.Failed;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;

/** One apply: its result so far, and its record on disk. Any thread may use it. */
final class ApplyRun {
    private final List<ContainerId> created = new ArrayList<>();
    private final List<ContainerId> changed = new ArrayList<>();
    private final List<ContainerId> destroyed = new ArrayList<>();
    private final List<Failed> failed = new ArrayList<>();
    private final Path recordFile;
    private LastApplied record;
    private int unchanged;

    ApplyRun(LastApplied record, Path recordFile) {
        this.record = record;
        this.recordFile = recordFile;
    }

    /** Carries out the work for one container; completes in every case. */
    Completable attempt(Bus bus, ContainerChange change, Completable work) {
        return guard(bus, change.id(), work.doOnComplete(() -> count(change)));
    }

    /** Adds a failure to the report, and publishes it on the bus. */
    Completable guard(Bus bus, ContainerId id, Completable work) {
        return work.onErrorResumeNext(failure -> Completable.fromAction(() -> {
            StepFailure known = StepFailure.of("apply", failure);
            String message = String.valueOf(known.getMessage());
            synchronized (this) {
                failed.add(new Failed(id, known.step(), message, known.remedy()));
            }
            bus.publish(new ApplyFailed(id, known.step(), message, known.remedy()));
        }));
    }

    private synchronized void count(ContainerChange change) {
        if (change instanceof Create) {
            created.add(change.id());
        } else if (change instanceof Modify || (StateDiff.isAttachment(change.id()) && change instanceof Delete)) {
            changed.add(change.id());
        } else if (change instanceof Delete) {
            destroyed.add(change.id());
        } else {
            unchanged++;
        }
    }

    synchronized void changed(ContainerId id) {
        changed.add(id);
    }

    synchronized void destroyed(ContainerId id) {
        destroyed.add(id);
    }

    /** From now on this container is managed. */
    Completable applied(DesiredContainer container) {
        return keep(() -> record.with(container));
    }

    /** This container no longer exists. */
    Completable forgotten(ContainerId id) {
        return keep(() -> record.without(id));
    }

    /**
     * A whole state was applied: containers that it does not name are no longer managed. An entry that only attaches its workload is
     * kept until it is pruned, because the workload stays attached by it.
     */
    Completable finished(
            ApplyOptions options,
            Collection<ContainerId> named,
            Collection<ContainerId> there,
            ApplyProgress progress) {
        return Completable.defer(() -> {
            List<ContainerId> left;
            synchronized (this) {
                List<ContainerId> troubled =
                        failed.stream().map(Failed::container).toList();
                left = record.containers().keySet().stream()
                        .filter(options::concerns)
                        .filter(id -> !named.contains(id) && !troubled.contains(id))
                        .toList();
            }
            List<ContainerId> unmanaged =
                    left.stream().filter(id -> !StateDiff.isAttachment(id)).toList();
            unmanaged.stream()
                    .filter(there::contains)
                    .forEach(id -> progress.note("container " + id
                            + " was in the state applied last and is not in this "
                            + "one: it stays, and op-dbus does not manage it any "
                            + "more"));
            left.stream()
                    .filter(StateDiff::isAttachment)
                    .forEach(id -> progress.note(ApplyLines.word(id) + " " + id
                            + " was in a state applied earlier and is not in this one: its entry stays in force until it is"
                            + " taken back with --prune"));
            return keep(() -> {
                LastApplied after = record;
                for (ContainerId id : unmanaged) {
                    after = after.without(id);
                }
                return after;
            });
        });
    }

    private interface Update {
        LastApplied next();
    }

    private Completable keep(Update update) {
        return Completable.fromAction(() -> {
                    synchronized (this) {
                        LastApplied next = update.next();
                        if (!next.equals(record)) {
                            next.save(recordFile);
                            record = next;
                        }
                    }
                })
                .subscribeOn(Schedulers.io())
                .onErrorResumeNext(failure -> Completable.error(StepFailure.of("record", failure)));
    }

    synchronized ApplyReport report() {
        return new ApplyReport(created, changed, destroyed, unchanged, failed);
    }
}
