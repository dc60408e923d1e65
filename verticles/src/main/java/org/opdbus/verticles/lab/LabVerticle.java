// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.LabEvent;
import org.opdbus.verticles.lab.act.LinkEars;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabChecks;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labs of this host: one {@link LabReconciler} for each that runs. It has started when it has taken over the labs that run already;
 * when it stops they go on. Starts and stops of labs happen one after the other on a thread of their own; changes of different labs at once.
 */
public final class LabVerticle extends AbstractVerticle implements LabService {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");
    private static final LabPicture NOTHING = new LabPicture(false, Map.of(), Map.of(), Map.of());
    private static final int CALLS_MAX = 64;

    private final LabParts parts;
    private final LinkEars ears = new LinkEars();
    private final Map<String, LabReconciler> running = new ConcurrentHashMap<>();
    private final Map<String, LabStatus> known = new ConcurrentSkipListMap<>();
    private final FlowableProcessor<List<LabStatus>> all =
            BehaviorProcessor.createDefault(List.<LabStatus>of()).toSerialized();
    private final CompositeDisposable heard = new CompositeDisposable();
    private final ThreadPoolExecutor calls =
            new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(CALLS_MAX), work -> {
                Thread made = new Thread(work, "op-dbus-labs");
                made.setDaemon(true);
                return made;
            });

    /** Creates it; nothing is read yet. */
    public LabVerticle(LabParts parts) {
        this.parts = parts;
    }

    @Override
    public Completable rxStart() {
        return Completable.fromAction(() -> {
                    heard.add(parts.space().changes().subscribe(this::wake, this::lost));
                    for (LabMachines kind : parts.machines().values()) {
                        heard.add(kind.changes().subscribe(this::wake, this::lost));
                    }
                    takeOver();
                })
                .subscribeOn(Schedulers.from(calls));
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(() -> {
                    heard.dispose();
                    running.values().forEach(LabReconciler::end);
                    ears.close();
                    calls.shutdown();
                })
                .subscribeOn(Schedulers.io());
    }

    private void wake(String lab) {
        LabReconciler reconciler = running.get(lab);
        if (reconciler != null) {
            reconciler.wake();
        }
    }

    private void lost(Throwable failure) {
        LOG.error(
                "lab problem=\"changes are no longer heard of: {}\" note=\"labs are looked at each minute\"",
                failure.toString());
    }

    /** Its failure must not stop the agent: no container depends on labs. */
    private void takeOver() {
        try {
            for (String lab : parts.store().names()) {
                try {
                    parts.store()
                            .load(lab)
                            .ifPresent(found -> show(new LabStatus(found, false, true, NOTHING, Map.of())));
                } catch (IOException damaged) {
                    LOG.error("lab={} problem=\"{}\" note=\"it is left as it is\"", lab, damaged.getMessage());
                }
            }
            for (String lab : parts.space().wanted().blockingGet()) {
                takeOver(lab);
            }
        } catch (IOException | RuntimeException failure) {
            LOG.error("lab problem=\"labs that run could not be taken over: {}\"", failure.toString());
        }
    }

    private void takeOver(String lab) {
        try {
            Optional<LabDefinition> definition = parts.store().load(lab);
            if (definition.isEmpty()) {
                // To bring it to an empty definition would end what may still be needed.
                LOG.error(
                        "lab={} problem=\"it has no definition\" note=\"it is left as it is; start or stop it\"", lab);
                return;
            }
            begin(definition.get());
            LOG.info("lab={} is taken over", lab);
        } catch (IOException | RuntimeException failure) {
            LOG.error("lab={} problem=\"{}\" note=\"it is left as it is\"", lab, failure.getMessage());
        }
    }

    private LabReconciler begin(LabDefinition definition) {
        LabReconciler reconciler = new LabReconciler(definition, parts, ears, this::show);
        running.put(definition.name(), reconciler);
        reconciler.begin();
        parts.facts().accept(new LabEvent.LabStarted(definition.name()));
        return reconciler;
    }

    private void show(LabStatus status) {
        known.put(status.definition().name(), status);
        all.onNext(List.copyOf(known.values()));
    }

    @Override
    public Single<LabStatus> start(String lab, boolean fresh) {
        return Single.fromCallable(() -> {
                    LabChecks.lab(lab);
                    LabReconciler present = running.get(lab);
                    if (present != null && fresh) {
                        throw new LabRefusal(
                                "the lab " + lab + " runs already", "stop it first: op-dbus lab " + lab + " stop");
                    }
                    if (present != null) {
                        return present;
                    }
                    LabDefinition definition = fresh
                            ? LabDefinition.empty(lab)
                            : parts.store().load(lab).orElse(LabDefinition.empty(lab));
                    parts.space().ensure(lab).blockingAwait();
                    parts.store().save(definition);
                    return begin(definition);
                })
                .subscribeOn(Schedulers.from(calls))
                .flatMap(LabReconciler::converge)
                .flatMap(settled -> status(lab));
    }

    @Override
    public Completable stop(String lab, boolean forget) {
        return Completable.fromAction(() -> {
                    LabChecks.lab(lab);
                    LabReconciler present = running.get(lab);
                    if (present == null) {
                        parts.space().remove(lab).blockingAwait();
                    } else {
                        present.stop().ignoreElement().blockingAwait();
                        running.remove(lab);
                        parts.facts().accept(new LabEvent.LabStopped(lab));
                    }
                    ended(lab, forget);
                })
                .subscribeOn(Schedulers.from(calls));
    }

    private void ended(String lab, boolean forget) throws IOException {
        if (forget) {
            parts.store().forget(lab);
        }
        Optional<LabDefinition> kept = parts.store().load(lab);
        if (kept.isPresent()) {
            show(new LabStatus(kept.get(), false, true, NOTHING, Map.of()));
        } else {
            known.remove(lab);
            all.onNext(List.copyOf(known.values()));
        }
    }

    @Override
    public Single<LabStatus> change(String lab, List<LabChange> changes) {
        return Single.defer(() -> {
            LabChecks.lab(lab);
            LabReconciler present = running.get(lab);
            return present == null
                    ? Single.error(new LabRefusal(
                            "the lab " + lab + " does not run", "start it first: op-dbus lab " + lab + " start"))
                    : present.change(List.copyOf(changes)).flatMap(done -> status(lab));
        });
    }

    @Override
    public Single<LabStatus> status(String lab) {
        return Single.fromCallable(() -> {
            LabChecks.lab(lab);
            LabStatus status = known.get(lab);
            if (status == null) {
                throw new LabRefusal("there is no lab " + lab, "start it first: op-dbus lab " + lab + " start");
            }
            return status;
        });
    }

    @Override
    public Flowable<List<LabStatus>> all() {
        return all.onBackpressureLatest();
    }
}
