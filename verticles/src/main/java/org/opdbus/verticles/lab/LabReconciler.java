// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.events.LabEvent;
import org.opdbus.verticles.lab.act.LinkEars;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEdit;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.opdbus.verticles.lab.plan.LabStep;
import org.opdbus.verticles.lab.plan.LabTrouble;
import org.opdbus.verticles.limits.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one lab as its definition says. One thread does everything of the lab, so requests of callers and rounds of its own never meet:
 * a round looks, plans and acts until nothing is left to do, then waits to hear of a change. What fails is tried again, after a pause
 * that grows. Any thread may make a request.
 */
final class LabReconciler {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");
    private static final Backoff RETRY = new Backoff(200, 10_000);
    /** The safety net, if a change was not heard of. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(60);
    /** How long Open vSwitch may take until everything is live. */
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private static final int REQUESTS_MAX = 64;
    /** After so many rounds in a row, trouble is no longer that of a moment. */
    private static final int FAILURES_TOLD = 6;
    /** So many plans and acts follow one another at most, before the lab is looked at anew. */
    private static final int ACTS_MAX = 8;

    private final LabParts parts;
    private final LabWork work;
    private final LabFacts facts;
    private final Consumer<LabStatus> told;
    private final BlockingQueue<Runnable> requests = new ArrayBlockingQueue<>(REQUESTS_MAX);
    /** Has permits while something is to be looked at, or a request waits. */
    private final Semaphore woken = new Semaphore(1);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean ending;
    private LabDefinition definition;
    private int failures;

    LabReconciler(LabDefinition definition, LabParts parts, LinkEars ears, Consumer<LabStatus> told) {
        this.definition = definition;
        this.parts = parts;
        this.told = told;
        facts = new LabFacts(definition.name(), parts.facts());
        work = new LabWork(definition.name(), parts, ears, this::wake);
        thread = new Thread(this::run, "op-dbus-lab-" + definition.name());
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    /** There may be something to do. */
    void wake() {
        if (woken.availablePermits() == 0) {
            woken.release();
        }
    }

    /** Ends the thread; the lab goes on. Returns when it has ended. */
    void end() {
        ending = true;
        wake();
        try {
            if (!ended.await(SETTLE.toSeconds() * 2, TimeUnit.SECONDS)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!ending) {
                Runnable request = requests.poll();
                if (request != null) {
                    request.run();
                } else {
                    pause(round());
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("lab={} its thread was interrupted and ends", definition.name());
        } finally {
            work.close();
            ended.countDown();
            for (Runnable left = requests.poll(); left != null; left = requests.poll()) {
                left.run();
            }
        }
    }

    /** Looks and acts until nothing is left to do; returns how long to wait then. */
    private Duration round() {
        Map<String, String> trouble = settle(Duration.ZERO);
        if (trouble.isEmpty()) {
            failures = 0;
            return LOOK_EVERY;
        }
        failures++;
        if (failures >= FAILURES_TOLD) {
            facts.degraded(trouble);
        }
        return Duration.ofMillis(RETRY.delayMs(failures));
    }

    private void pause(Duration time) throws InterruptedException {
        boolean heard = woken.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
        if (heard) {
            woken.drainPermits();
        }
    }

    /** Brings the lab to its definition, and returns what is not so when the time is over. */
    private Map<String, String> settle(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        int failed = 0;
        while (true) {
            woken.drainPermits();
            Map<String, String> trouble = step();
            long left = deadline - System.nanoTime();
            if (trouble.isEmpty() || left <= 0 || ending) {
                if (!trouble.isEmpty() && !limit.isZero()) {
                    facts.degraded(trouble);
                }
                return trouble;
            }
            try {
                // The switch tells port numbers by the monitor; what failed is tried again without that.
                pause(Duration.ofNanos(Math.min(left, RETRY.delayMs(++failed) * 1_000_000)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return trouble;
            }
        }
    }

    /** One look, and as many plans and acts as make progress. */
    private Map<String, String> step() {
        try {
            LabPicture picture = work.look();
            List<LabStep> steps = work.plan(definition, picture);
            for (int act = 0; !steps.isEmpty() && act < ACTS_MAX; act++) {
                work.act(steps);
                picture = work.look();
                steps = work.plan(definition, picture);
            }
            Map<String, String> trouble = LabTrouble.of(definition, picture);
            show(picture, trouble);
            return trouble;
        } catch (RuntimeException failure) {
            LOG.debug("lab={} failed=\"{}\"", definition.name(), failure.toString());
            Map<String, String> trouble =
                    new TreeMap<>(Map.of(definition.name(), String.valueOf(failure.getMessage())));
            show(new LabPicture(false, Map.of(), Map.of(), Map.of()), trouble);
            return trouble;
        }
    }

    private void show(LabPicture picture, Map<String, String> trouble) {
        facts.seen(definition, picture, trouble);
        told.accept(new LabStatus(definition, true, trouble.isEmpty(), picture, trouble));
    }

    /** Brings the lab to its definition, as far as it goes within the limit. */
    Single<Boolean> converge() {
        return request(() -> settle(SETTLE).isEmpty());
    }

    /** Changes the definition, and completes when all that it touches was seen to be so. */
    Single<Boolean> change(List<LabChange> changes) {
        return request(() -> {
            changeNow(changes);
            return true;
        });
    }

    private void changeNow(List<LabChange> changes) throws IOException {
        LabDefinition before = definition;
        LabDefinition after = LabEdit.with(before, changes, work.borne(), ThreadLocalRandom.current());
        // An item is forgotten only when nothing of it runs, so that a crash leaves none that the definition does not
        // know.
        work.stop(onlyIn(before, after));
        parts.store().save(after);
        definition = after;
        try {
            work.start(onlyIn(after, before));
        } catch (RuntimeException failure) {
            back(before, after);
            throw failure;
        }
        changes.forEach(change -> parts.facts().accept(new LabEvent.LabChanged(after.name(), change.text())));
        Map<String, String> trouble = settle(SETTLE);
        String reason = LabTouched.by(changes, after, trouble);
        if (!reason.isEmpty()) {
            throw new LabRefusal(
                    reason,
                    "the definition has the change, and the agent tries again: op-dbus lab " + after.name() + " show");
        }
    }

    /** Nothing may be half made: what was started is ended again, and the definition is the former one. */
    private void back(LabDefinition before, LabDefinition after) throws IOException {
        try {
            work.stop(onlyIn(after, before));
        } catch (RuntimeException failure) {
            LOG.warn(
                    "lab={} problem=\"what was half started could not be ended: {}\"",
                    after.name(),
                    failure.getMessage());
        }
        definition = before;
        parts.store().save(before);
    }

    private static Collection<LabItem> onlyIn(LabDefinition one, LabDefinition other) {
        Collection<LabItem> items = new ArrayList<>();
        one.items().forEach((name, item) -> {
            LabItem same = other.items().get(name);
            if (same == null || same.id() != item.id()) {
                items.add(item);
            }
        });
        return items;
    }

    /** Ends everything of the lab; afterwards its thread ends. */
    Single<Boolean> stop() {
        return request(() -> {
            try {
                work.stop(definition.items().values());
            } catch (RuntimeException failure) {
                // The namespace goes, with every link and process in it.
                LOG.warn("lab={} problem=\"{}\"", definition.name(), failure.getMessage());
            }
            work.remove();
            ending = true;
            return true;
        });
    }

    private <T> Single<T> request(Callable<T> task) {
        return Single.create(emitter -> {
            boolean taken = requests.offer(() -> {
                try {
                    if (ending) {
                        throw new LabRefusal("the lab " + definition.name() + " was stopped", "start it first");
                    }
                    emitter.onSuccess(task.call());
                } catch (Exception failure) {
                    emitter.tryOnError(failure);
                }
            });
            if (!taken || ended.getCount() == 0) {
                emitter.tryOnError(new LabRefusal(
                        "too many changes of this lab wait already, or it was stopped", "try again in a moment"));
            }
            wake();
        });
    }
}
