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

/** What is under way for one container. Confined to one thread. */
final class Work {
    private final Map<Subject, UnderWay> underWay = new LinkedHashMap<>();
    private final Map<Topic, Failure> failures = new LinkedHashMap<>();

    /** The last plan. */
    Optional<Plan> plan = Optional.empty();

    /** What of the last plan is out of date. */
    Stale stale = Stale.everything();

    /** Whether a look is being taken at this moment, and whether another one is to follow it. */
    boolean looking;

    boolean lookAgain;

    /** What was last told of each thing that is refused, so that it is told once. */
    final Map<Topic, String> told = new LinkedHashMap<>();

    /** A step that was begun, whether it has come back, and the timer that ends the wait for its effect. */
    private record UnderWay(PlannedStep step, boolean done, Disposable limit) {}

    /** A step that has failed, and the timer of its next attempt. */
    private record Failure(int count, String message, Disposable retry) {}

    /** Whether a step was begun that has not come back, or does not show yet. */
    boolean isBusy() {
        return !underWay.isEmpty();
    }

    /** Whether that is so of one that is done to this. */
    boolean isBusyWith(Subject subject) {
        return underWay.containsKey(subject);
    }

    int countUnderWay() {
        return underWay.size();
    }

    /**
     * Whether what is planned can be done beside what is under way: links do not wait for one another, nor does what has
     * ended; but one kind waits for the other, and whatever concerns the container as a whole is done alone.
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

    /** The step has come back well; the timer ends the wait for its effect. */
    void succeeded(PlannedStep step, Disposable timer) {
        underWay.computeIfPresent(step.subject(), (key, begun) -> {
            clear(failures.remove(Topic.of(begun.step())));
            told.remove(Topic.of(begun.step()));
            return new UnderWay(begun.step(), true, timer);
        });
    }

    /** What steps are done to that have come back and can be seen. */
    List<Subject> settled(HostView view) {
        return underWay.entrySet().stream()
                .filter(entry ->
                        entry.getValue().done() && entry.getValue().step().shows(view))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Ends what is done to this; what was planned for it is out of date. False if nothing is. */
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

    /** How often a step of this kind has failed in a row. */
    int failuresOf(PlannedStep step) {
        Failure failure = failures.get(Topic.of(step));
        return failure == null ? 0 : failure.count();
    }

    /** Counts a failure; until the timer ends this is not tried again. */
    void failed(PlannedStep step, String message, Disposable retry) {
        int before = failuresOf(step);
        clear(failures.put(Topic.of(step), new Failure(before + 1, message, retry)));
    }

    /** Whether this kind of step has failed and its next attempt is not due yet. */
    boolean isTooEarlyFor(PlannedStep step) {
        Failure failure = failures.get(Topic.of(step));
        return failure != null && !failure.retry().isDisposed();
    }

    /** The next attempt is due. */
    void due(PlannedStep step) {
        Failure failure = failures.get(Topic.of(step));
        if (failure != null) {
            failure.retry().dispose();
        }
    }

    /** What failed last and has not been done since. */
    Optional<String> trouble() {
        return failures.values().stream().map(Failure::message).reduce((first, last) -> last);
    }

    /** Whether what failed was refused, and not just out of reach. */
    boolean isRefused() {
        return failures.keySet().stream().anyMatch(told::containsKey);
    }

    /** What stood in the way may be gone: every attempt is due now. */
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
