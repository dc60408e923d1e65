// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.lab.act.LabCounters;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabChecks;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labs of this host: one {@link LabReconciler} for each that runs. It has started when it has taken over the labs that run already;
 * when it stops they go on. What is done with one lab is done in turn; different labs do not wait for one another.
 */
public final class LabVerticle extends AbstractVerticle implements LabService {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");

    private final LabParts parts;
    private final LabStatuses statuses = new LabStatuses();
    private final RunningLabs labs;
    private final CompositeDisposable heard = new CompositeDisposable();

    /** Creates it; nothing is read yet. */
    public LabVerticle(LabParts parts) {
        this.parts = parts;
        labs = new RunningLabs(parts, statuses);
    }

    @Override
    public Completable rxStart() {
        return Completable.defer(() -> {
            heard.add(parts.space().changes().subscribe(this::wake, this::lost));
            for (LabMachines kind : parts.machines().values()) {
                heard.add(kind.changes().subscribe(this::wake, this::lost));
            }
            return labs.takeOver();
        });
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(() -> {
                    heard.dispose();
                    labs.end();
                })
                .subscribeOn(Schedulers.io());
    }

    private void wake(String lab) {
        labs.of(lab).ifPresent(LabReconciler::wake);
    }

    private void lost(Throwable failure) {
        LOG.error(
                "lab problem=\"changes are no longer heard of: {}\" note=\"labs are looked at each minute\"",
                failure.toString());
    }

    @Override
    public Single<LabStatus> start(String lab, boolean fresh) {
        return Single.defer(() -> {
                    LabChecks.lab(lab);
                    return labs.start(lab, fresh);
                })
                .flatMap(LabReconciler::converge)
                .flatMap(settled -> status(lab));
    }

    @Override
    public Completable stop(String lab, boolean forget) {
        return Completable.defer(() -> {
            LabChecks.lab(lab);
            return labs.stop(lab, forget);
        });
    }

    @Override
    public Single<LabStatus> change(String lab, List<LabChange> changes) {
        return Single.defer(() -> {
            LabChecks.lab(lab);
            LabReconciler present = labs.of(lab)
                    .orElseThrow(() -> new LabRefusal(
                            "the lab " + lab + " does not run", "start it first: op-dbus lab " + lab + " start"));
            return present.change(List.copyOf(changes)).flatMap(done -> status(lab));
        });
    }

    @Override
    public Single<LabStatus> status(String lab) {
        return Single.fromCallable(() -> {
            LabChecks.lab(lab);
            return statuses.of(lab)
                    .orElseThrow(() ->
                            new LabRefusal("there is no lab " + lab, "start it first: op-dbus lab " + lab + " start"));
        });
    }

    @Override
    public Single<Map<String, Map<String, Long>>> statistics(String lab) {
        return status(lab)
                .flatMap(known -> known.running()
                        ? LabCounters.read(parts.loop(), parts.folders().databaseSocket(lab))
                        : Single.just(Map.of()));
    }

    @Override
    public Flowable<List<LabStatus>> all() {
        return statuses.all();
    }
}
