// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.Stale;

/** What is under way for one container. Confined to one thread. */
final class Work {
    private final Map<String, UnderWay> underWay = new LinkedHashMap<>();
    private final Map<String, Failure> failures = new LinkedHashMap<>();

    /** The last plan. */
    Optional<Plan> plan = Optional.empty();

    /** What of the last plan is out of date. */
    Stale stale = Stale.everything();

    /** Whether a look is being taken at this moment, and whether another one is to follow it. */
    boolean looking;

    boolean lookAgain;

    /** What was last told of each thing that is refused, so that it is told once. */
    final Map<String, String> told = new LinkedHashMap<>();

    /** An action that was begun, whether it has come back, and the timer that ends the wait for its effect. */
    private record UnderWay(Action action, boolean done, Disposable limit) {}

    /** An action that has failed, and the timer of its next attempt. */
    private record Failure(int count, String message, Disposable retry) {}

    /** Whether an action was begun that has not come back, or does not show yet. */
    boolean isBusy() {
        return !underWay.isEmpty();
    }

    /** Whether that is so of one that is done to this. */
    boolean isBusyWith(String subject) {
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
        for (String subject : underWay.keySet()) {
            boolean ofLink = Plan.linkOf(subject).isPresent();
            boolean goes =
                    ofLink ? planned.isAboutLinks() : !planned.endings().isEmpty() && !subject.equals(Plan.CONTAINER);
            if (!goes) {
                return false;
            }
        }
        return true;
    }

    void begin(Plan.Step step) {
        underWay.put(step.subject(), new UnderWay(step.action(), false, Disposable.disposed()));
    }

    /** The action has come back well; the timer ends the wait for its effect. */
    void succeeded(String subject, Disposable timer) {
        underWay.computeIfPresent(subject, (key, begun) -> {
            clear(failures.remove(keyOf(begun.action())));
            told.remove(keyOf(begun.action()));
            return new UnderWay(begun.action(), true, timer);
        });
    }

    /** What actions are done to that have come back and can be seen. */
    List<String> settled(HostView view) {
        return underWay.entrySet().stream()
                .filter(entry ->
                        entry.getValue().done() && entry.getValue().action().shows(view))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Ends what is done to this; what was planned for it is out of date. False if nothing is. */
    boolean end(String subject) {
        UnderWay ended = underWay.remove(subject);
        if (ended == null) {
            return false;
        }
        ended.limit().dispose();
        Plan.linkOf(subject).ifPresentOrElse(stale::markLink, stale::markEverything);
        return true;
    }

    /** How often an action of this kind has failed in a row. */
    int failuresOf(Action action) {
        Failure failure = failures.get(keyOf(action));
        return failure == null ? 0 : failure.count();
    }

    /** Counts a failure; until the timer ends this is not tried again. */
    void failed(Action action, String message, Disposable retry) {
        int before = failuresOf(action);
        clear(failures.put(keyOf(action), new Failure(before + 1, message, retry)));
    }

    /** Whether this kind of action has failed and its next attempt is not due yet. */
    boolean isTooEarlyFor(Action action) {
        Failure failure = failures.get(keyOf(action));
        return failure != null && !failure.retry().isDisposed();
    }

    /** The next attempt is due. */
    void due(Action action) {
        Failure failure = failures.get(keyOf(action));
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

    /** What tells one thing to do from another: its kind, and the link or port that it is done to. */
    static String keyOf(Action action) {
        return action.getClass().getSimpleName() + " " + action.about();
    }

    private static void clear(@Nullable Failure failure) {
        if (failure != null) {
            failure.retry().dispose();
        }
    }
}
