// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.LabEvent;
import org.opdbus.verticles.lab.act.LinkEars;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The labs that run: it starts them, stops them, and takes over those that an earlier agent started. Safe for use by any thread. */
final class RunningLabs {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");
    private static final LabPicture NOTHING = new LabPicture(false, Map.of(), Map.of(), Map.of());
    private static final int TAKEN_AT_ONCE = 8;
    /** No lab has this name, so a take-over of many labs delays none of them. */
    private static final String ALL = "";

    private final LabParts parts;
    private final LabStatuses statuses;
    private final LinkEars ears = new LinkEars();
    private final LabTurns turns = new LabTurns();
    private final Map<String, LabReconciler> running = new ConcurrentHashMap<>();
    private volatile boolean ending;

    RunningLabs(LabParts parts, LabStatuses statuses) {
        this.parts = parts;
        this.statuses = statuses;
    }

    Optional<LabReconciler> of(String lab) {
        return Optional.ofNullable(running.get(lab));
    }

    /** Takes over the labs that run. A failure is told and stops nothing: no container depends on labs. */
    Completable takeOver() {
        return turns.of(ALL, this::takeOverNow)
                .ignoreElement()
                .doOnError(failure ->
                        LOG.error("lab problem=\"labs that run could not be taken over: {}\"", failure.toString()))
                .onErrorComplete();
    }

    private int takeOverNow() throws IOException {
        Set<String> labs = new TreeSet<>(parts.store().names());
        labs.addAll(parts.space().wanted().blockingGet());
        Flowable.fromIterable(labs)
                .flatMapCompletable(
                        lab -> turns.of(lab, () -> takeOverNow(lab))
                                .ignoreElement()
                                .doOnError(failure -> LOG.error(
                                        "lab={} problem=\"{}\" note=\"it is left as it is\"",
                                        lab,
                                        failure.getMessage()))
                                .onErrorComplete(),
                        false,
                        TAKEN_AT_ONCE)
                .blockingAwait();
        return labs.size();
    }

    /** In the lab's turn, because a caller can have started or stopped it before. */
    private boolean takeOverNow(String lab) throws IOException {
        if (running.containsKey(lab)) {
            return false;
        }
        boolean wanted = parts.space().wanted().blockingGet().contains(lab);
        Optional<LabDefinition> definition = parts.store().load(lab);
        if (definition.isEmpty()) {
            if (wanted) {
                // To bring it to an empty definition would end what may still be needed.
                LOG.error(
                        "lab={} problem=\"it has no definition\" note=\"it is left as it is; start or stop it\"", lab);
            }
            return false;
        }
        if (!wanted) {
            statuses.show(new LabStatus(definition.get(), false, true, NOTHING, Map.of()));
            return false;
        }
        LabReconciler unused = begin(definition.get(), true);
        LOG.info("lab={} is taken over", lab);
        return true;
    }

    private LabReconciler begin(LabDefinition definition, boolean takenOver) {
        if (ending) {
            throw new LabRefusal("the agent ends", "the next one takes the lab over");
        }
        LabFacts facts = new LabFacts(definition.name(), parts.facts(), takenOver);
        LabReconciler reconciler = new LabReconciler(definition, parts, ears, facts, statuses::show);
        running.put(definition.name(), reconciler);
        reconciler.begin();
        return reconciler;
    }

    /** Starts a lab if it does not run; the definition is not yet compared. */
    Single<LabReconciler> start(String lab, boolean fresh) {
        return turns.of(lab, () -> startNow(lab, fresh));
    }

    private LabReconciler startNow(String lab, boolean fresh) {
        LabReconciler present = running.get(lab);
        if (present != null && fresh) {
            throw new LabRefusal("the lab " + lab + " runs already", "stop it first: op-dbus lab " + lab + " stop");
        }
        if (present != null) {
            return present;
        }
        LabDefinition definition = fresh ? LabDefinition.empty(lab) : load(lab).orElse(LabDefinition.empty(lab));
        boolean ran = parts.space().wanted().blockingGet().contains(lab);
        parts.space().ensure(lab).blockingAwait();
        try {
            parts.store().save(definition);
        } catch (IOException failure) {
            if (!ran) {
                parts.space().remove(lab).blockingAwait();
            }
            throw unusable("the definition of the lab " + lab + " cannot be written", failure);
        }
        LabReconciler started = begin(definition, false);
        parts.facts().accept(new LabEvent.LabStarted(lab));
        return started;
    }

    private Optional<LabDefinition> load(String lab) {
        try {
            return parts.store().load(lab);
        } catch (IOException damaged) {
            throw unusable("the definition of the lab " + lab + " cannot be used", damaged);
        }
    }

    private static LabRefusal unusable(String what, IOException failure) {
        LabRefusal refusal = new LabRefusal(
                what + ": " + failure.getMessage(), "mend the file or its folder; an agent that has labs runs as root");
        refusal.initCause(failure);
        return refusal;
    }

    /** Ends everything of a lab. */
    Completable stop(String lab, boolean forget) {
        return turns.of(lab, () -> stopNow(lab, forget)).ignoreElement();
    }

    private boolean stopNow(String lab, boolean forget) throws IOException {
        LabReconciler present = running.get(lab);
        if (present != null) {
            present.stop().ignoreElement().blockingAwait();
            present.awaitEnd();
            running.remove(lab);
            parts.facts().accept(new LabEvent.LabStopped(lab));
        } else {
            // A boot ends a lab, but leaves on the disk what was made for it.
            new LabItems(lab, parts.machines())
                    .stop(statuses.of(lab).map(RunningLabs::items).orElse(List.of()));
            parts.space().remove(lab).blockingAwait();
        }
        if (forget) {
            parts.store().forget(lab);
        }
        load(lab)
                .ifPresentOrElse(
                        kept -> statuses.show(new LabStatus(kept, false, true, NOTHING, Map.of())),
                        () -> statuses.remove(lab));
        return true;
    }

    private static Collection<LabItem> items(LabStatus status) {
        return status.definition().items().values();
    }

    /** Ends the threads. The labs go on. */
    void end() {
        ending = true;
        turns.close();
        running.values().forEach(LabReconciler::end);
        running.values().forEach(LabReconciler::awaitEnd);
        ears.close();
    }
}
