// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.opdbus.events.LabEvent;
import org.opdbus.verticles.lab.act.LinkEars;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEdit;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one lab: it alone writes the definition, and everything of the lab is done on its one {@linkplain LabThread thread}, so changes
 * of callers and {@linkplain LabRounds rounds} never meet. Any thread may make a request.
 */
final class LabReconciler {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");
    /** How long Open vSwitch may take until everything is live. */
    private static final Duration SETTLE = Duration.ofSeconds(10);
    /** How long a lab of which a stop has failed waits for the next request. */
    private static final Duration REST = Duration.ofHours(1);

    private final LabParts parts;
    private final LabThread thread;
    private final LabWork work;
    private final LabRounds rounds;
    private LabDefinition definition;
    /** A stop has failed: no round may start what it has ended. */
    private boolean resting;

    LabReconciler(LabDefinition definition, LabParts parts, LinkEars ears, LabFacts facts, Consumer<LabStatus> told) {
        this.definition = definition;
        this.parts = parts;
        String lab = definition.name();
        thread = new LabThread(lab, this::round, this::close);
        work = new LabWork(lab, parts, ears, thread::wake);
        rounds = new LabRounds(lab, work, facts, told);
    }

    void begin() {
        thread.begin();
    }

    /** There may be something to do. */
    void wake() {
        thread.wake();
    }

    /** Ends the thread after what it does at the moment; the lab goes on. */
    void end() {
        thread.end();
    }

    /** Waits until the thread has ended, but not for ever. */
    void awaitEnd() {
        thread.awaitEnd();
    }

    private Duration round() {
        return resting ? REST : rounds.round(definition);
    }

    private void close() {
        work.close();
    }

    /** Brings the lab to its definition, as far as it goes within the limit; machines that ended by themselves are started again. */
    Single<Boolean> converge() {
        return thread.request(() -> {
            resting = false;
            rounds.startEnded(definition);
            return settle(trouble -> !trouble.isEmpty()).isEmpty();
        });
    }

    private Map<String, String> settle(Predicate<Map<String, String>> undone) {
        return rounds.settle(definition, thread, SETTLE, undone);
    }

    /** Changes the definition, and completes when all that it touches was seen to be so. */
    Single<Boolean> change(List<LabChange> changes) {
        return thread.request(() -> {
            changeNow(changes);
            return true;
        });
    }

    private void changeNow(List<LabChange> changes) throws IOException {
        if (resting) {
            throw new LabRefusal(
                    "the lab " + definition.name() + " is only partly stopped",
                    "stop or start it: op-dbus lab " + definition.name() + " stop");
        }
        LabDefinition before = definition;
        LabDefinition after = LabEdit.with(before, changes, work.borne(), ThreadLocalRandom.current());
        onlyIn(after, before).forEach(item -> requireEnded(item, before));
        // An item is forgotten only when nothing of it runs, so that a crash leaves none that the definition does not
        // know.
        work.items().stop(onlyIn(before, after));
        parts.store().save(after);
        definition = after;
        try {
            work.items().start(onlyIn(after, before));
            work.items().start(shaped(after, before));
        } catch (RuntimeException failure) {
            back(before, after);
            throw failure;
        }
        changes.forEach(change -> parts.facts().accept(new LabEvent.LabChanged(after.name(), change.text())));
        Map<String, String> trouble =
                settle(left -> !LabTouched.by(changes, after, left).isEmpty());
        String reason = LabTouched.by(changes, after, trouble);
        if (!reason.isEmpty()) {
            throw new LabRefusal(
                    reason,
                    "the definition has the change, and the agent tries again: op-dbus lab " + after.name() + " show");
        }
    }

    /** A former machine of the same name, of which the definition knows nothing, would be taken for the new one. */
    private void requireEnded(LabItem item, LabDefinition before) {
        if (!before.items().containsKey(item.name()) && rounds.seen().machines().containsKey(item.name())) {
            throw new LabRefusal(
                    "an earlier machine " + item.name() + " of the lab is not ended yet", "try again in a moment");
        }
    }

    /** Nothing may be half made: what was started is ended again, and the definition is the former one. */
    private void back(LabDefinition before, LabDefinition after) throws IOException {
        try {
            work.items().stop(onlyIn(after, before));
            work.items().start(shaped(before, after));
        } catch (RuntimeException failure) {
            LOG.warn(
                    "lab={} problem=\"what was half started could not be ended, which is tried again: {}\"",
                    after.name(),
                    failure.getMessage());
        }
        definition = before;
        parts.store().save(before);
        thread.wake();
    }

    private static Collection<LabItem> onlyIn(LabDefinition one, LabDefinition other) {
        return one.items().values().stream()
                .filter(item -> same(item, other).isEmpty())
                .toList();
    }

    /** Returns the items of one definition whose machine has other settings in the other one: a start gives them theirs. */
    private static Collection<LabItem> shaped(LabDefinition one, LabDefinition other) {
        return one.items().values().stream()
                .filter(item -> same(item, other)
                        .filter(was -> !was.machine().equals(item.machine()))
                        .isPresent())
                .toList();
    }

    private static Optional<LabItem> same(LabItem item, LabDefinition other) {
        return Optional.ofNullable(other.items().get(item.name())).filter(found -> found.id() == item.id());
    }

    /**
     * Ends everything of the lab; afterwards its thread ends. If a machine cannot be ended, the lab rests until the next request, and a
     * second stop leaves that machine and ends the rest.
     */
    Single<Boolean> stop() {
        return thread.request(() -> {
            boolean again = resting;
            resting = true;
            try {
                work.items().stop(definition.items().values());
            } catch (LabRefusal failure) {
                if (!again) {
                    rounds.stopFailed(definition, String.valueOf(failure.getMessage()));
                    throw failure;
                }
                LOG.warn("lab={} problem=\"left alone: {}\"", definition.name(), failure.getMessage());
            }
            try {
                work.remove();
            } catch (RuntimeException failure) {
                rounds.stopFailed(definition, String.valueOf(failure.getMessage()));
                throw failure;
            }
            thread.end();
            return true;
        });
    }
}
