// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.Stale;

/** The work in progress for one container. For one thread only. */
final class Work {
    private final Map<Subject, UnderWay> underWay = new LinkedHashMap<>();
    private final Map<Topic, Failure> failures = new LinkedHashMap<>();

    /** The last plan. */
    Optional<Plan> plan = Optional.empty();

    /** The parts of the last plan that are out of date. */
    Stale stale = Stale.everything();

    /** Whether a check is running at this moment, and whether another one must follow it. */
    boolean looking;

    boolean lookAgain;

    /** The last published refusal of each subject, so that each is published once. */
    final Map<Topic, String> told = new LinkedHashMap<>();

    /** A step that was begun, whether its answer has come, and the timer that ends the wait for its effect. */
    private record UnderWay(PlannedStep step, boolean done, Disposable limit) {}

    /** A step that has failed, and the timer of its next attempt. */
    private record Failure(int count, Trouble trouble, Disposable retry) {}

    /** Returns whether a step was begun that has no answer yet, or whose effect is not observed yet. */
    boolean isBusy() {
        return !underWay.isEmpty();
    }

    /** Returns whether there is such a step for this subject. */
    boolean isBusyWith(Subject subject) {
        return underWay.containsKey(subject);
    }

    int countUnderWay() {
        return underWay.size();
    }

    /**
     * Returns whether the planned action can run beside the steps in progress. Links do not wait for one another, and
     * closings do not either; but one kind waits for the other, and an action for the container as a whole runs
     * alone.
     */
    boolean goesWith(Plan planned) {
        for (Subject subject : underWay.keySet()) {
            boolean goes = switch (subject.kind()) {
                case LINK -> planned.isAboutLinks();
                case ENROLLMENT -> !planned.endings().isEmpty();
                case CONTAINER -> false;
            };
            if (!goes) {
                return false;
            }
        }
        return true;
    }

    void begin(PlannedStep step) {
        underWay.put(step.subject(), new UnderWay(step, false, Disposable.disposed()));
    }

    /** Notes that the step has succeeded; the timer ends the wait for its effect. */
    void succeeded(PlannedStep step, Disposable timer) {
        underWay.computeIfPresent(step.subject(), (key, begun) -> {
            clear(failures.remove(Topic.of(begun.step())));
            told.remove(Topic.of(begun.step()));
            return new UnderWay(begun.step(), true, timer);
        });
    }

    /** Returns the subjects of the steps that have answers and whose effects can be observed. */
    List<Subject> settled(HostView view) {
        return underWay.entrySet().stream()
                .filter(entry ->
                        entry.getValue().done() && entry.getValue().step().shows(view))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Ends the step of this subject; the plan for it is out of date. Returns false if there is none. */
    boolean end(Subject subject) {
        UnderWay ended = underWay.remove(subject);
        if (ended == null) {
            return false;
        }
        ended.limit().dispose();
        if (subject.isLink()) {
            stale.markLink(subject.linkIndex());
        } else {
            stale.markEverything();
        }
        return true;
    }

    /** Returns how often a step of this kind has failed in a row. */
    int failuresOf(PlannedStep step) {
        Failure failure = failures.get(Topic.of(step));
        return failure == null ? 0 : failure.count();
    }

    /** Counts a failure. The router does not retry this step until the timer ends. */
    void failed(PlannedStep step, Trouble trouble, Disposable retry) {
        int before = failuresOf(step);
        clear(failures.put(Topic.of(step), new Failure(before + 1, trouble, retry)));
    }

    /** Returns whether this kind of step has failed and its next attempt is not due yet. */
    boolean isTooEarlyFor(PlannedStep step) {
        Failure failure = failures.get(Topic.of(step));
        return failure != null && !failure.retry().isDisposed();
    }

    /** Notes that the next attempt is due. */
    void due(PlannedStep step) {
        Failure failure = failures.get(Topic.of(step));
        if (failure != null) {
            failure.retry().dispose();
        }
    }

    /** Returns why the last failed step failed that has not succeeded since. */
    Optional<Trouble> trouble() {
        return failures.values().stream().map(Failure::trouble).reduce((first, last) -> last);
    }

    /** Returns whether the failed step was refused, and not only out of reach. */
    boolean isRefused() {
        return failures.keySet().stream().anyMatch(told::containsKey);
    }

    /** Makes every attempt due now, because the obstacle may be gone. */
    void forgive() {
        failures.values().forEach(Work::clear);
        failures.clear();
    }

    void stop() {
        underWay.values().forEach(begun -> begun.limit().dispose());
        forgive();
    }

    private static void clear(@Nullable Failure failure) {
        if (failure != null) {
            failure.retry().dispose();
        }
    }
}
