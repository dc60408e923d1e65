// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.opdbus.verticles.lab.plan.LabStep;
import org.opdbus.verticles.lab.plan.LabTrouble;
import org.opdbus.verticles.limits.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one lab to its definition: a round looks, plans and acts until nothing is left to do. What fails is tried again, after a pause
 * that grows; a failure of one machine does not keep the rest waiting. For the lab's thread.
 */
final class LabRounds {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");
    private static final LabPicture NOTHING = new LabPicture(false, Map.of(), Map.of(), Map.of());
    private static final Backoff RETRY = new Backoff(200, 10_000);
    /** The safety net, if a change was not heard of. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(60);
    /** After so many rounds in a row, trouble is no longer that of a moment. */
    private static final int FAILURES_TOLD = 6;
    /** So many plans and acts follow one another at most, before the lab is looked at anew. */
    private static final int ACTS_MAX = 8;

    private final String lab;
    private final LabWork work;
    private final LabFacts facts;
    private final Consumer<LabStatus> told;
    private LabPicture seen = NOTHING;
    private int failures;

    LabRounds(String lab, LabWork work, LabFacts facts, Consumer<LabStatus> told) {
        this.lab = lab;
        this.work = work;
        this.facts = facts;
        this.told = told;
    }

    /** Returns what was there at the last look. */
    LabPicture seen() {
        return seen;
    }

    /** Does one round; returns after which time the next one is due. */
    Duration round(LabDefinition definition) {
        Map<String, String> trouble = step(definition);
        if (isLasting(trouble)) {
            failures = 0;
            if (!trouble.isEmpty()) {
                facts.degraded(trouble);
            }
            return LOOK_EVERY;
        }
        failures++;
        if (failures >= FAILURES_TOLD) {
            facts.degraded(trouble);
        }
        return Duration.ofMillis(RETRY.delayMs(failures));
    }

    /** Returns whether no round changes this: there is no trouble, or only that of machines that wait for a caller. */
    boolean isLasting(Map<String, String> trouble) {
        return trouble.keySet().stream().allMatch(name -> seen.machines().get(name) == MachineState.ENDED);
    }

    /** Does rounds until there is no trouble that is {@code undone}, or the time is over; returns what is not as wanted. */
    Map<String, String> settle(
            LabDefinition definition, LabThread thread, Duration limit, Predicate<Map<String, String>> undone) {
        long deadline = System.nanoTime() + limit.toNanos();
        int failed = 0;
        while (true) {
            thread.look();
            Map<String, String> trouble = step(definition);
            long left = deadline - System.nanoTime();
            boolean done = isLasting(trouble) || !undone.test(trouble);
            if (done || left <= 0 || thread.isEnding()) {
                if (!done) {
                    facts.degraded(trouble);
                }
                return trouble;
            }
            try {
                // The switch tells port numbers by the monitor; what failed is tried again without that.
                thread.pause(Duration.ofNanos(Math.min(left, RETRY.delayMs(++failed) * 1_000_000)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return trouble;
            }
        }
    }

    /** One look, and as many plans and acts as make progress. */
    private Map<String, String> step(LabDefinition definition) {
        Map<String, String> trouble = new TreeMap<>();
        try {
            Map<String, String> failed = new TreeMap<>();
            seen = work.look();
            endOthers(definition);
            List<LabStep> steps = steps(definition, failed);
            for (int act = 0; !steps.isEmpty() && act < ACTS_MAX; act++) {
                failed.putAll(work.act(steps));
                seen = work.look();
                steps = steps(definition, failed);
            }
            trouble.putAll(LabTrouble.of(definition, seen));
            failed.keySet().retainAll(trouble.keySet());
            trouble.putAll(failed);
        } catch (RuntimeException failure) {
            LOG.debug("lab={} failed=\"{}\"", lab, failure.toString());
            seen = NOTHING;
            trouble.put(lab, String.valueOf(failure.getMessage()));
        }
        facts.seen(definition, seen, trouble);
        told.accept(new LabStatus(definition, true, trouble.isEmpty(), seen, trouble));
        return trouble;
    }

    /** What could not be started in this step is tried again in the next one. */
    private List<LabStep> steps(LabDefinition definition, Map<String, String> failed) {
        return work.plan(definition, seen).stream()
                .filter(step -> !(step instanceof LabStep.StartMachine start
                        && failed.containsKey(start.item().name())))
                .toList();
    }

    private void endOthers(LabDefinition definition) {
        List<String> others = new ArrayList<>(seen.machines().keySet());
        others.removeAll(definition.items().keySet());
        if (!others.isEmpty()) {
            others.forEach(work.items()::endOther);
            seen = work.look();
        }
    }

    /** Starts the machines that ended by themselves. */
    void startEnded(LabDefinition definition) {
        Map<String, MachineState> states = work.look().machines();
        List<LabItem> ended = definition.items().values().stream()
                .filter(item -> states.get(item.name()) == MachineState.ENDED)
                .toList();
        work.items().start(ended);
    }

    /** Tells that the lab was not wholly stopped. */
    void stopFailed(LabDefinition definition, String reason) {
        Map<String, String> trouble = Map.of(lab, "it could not be stopped: " + reason);
        facts.degraded(trouble);
        told.accept(new LabStatus(definition, true, false, seen, trouble));
    }
}
