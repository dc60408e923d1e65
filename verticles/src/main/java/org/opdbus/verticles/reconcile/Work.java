// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is under way for one container. Confined to one thread. */
final class Work {
    private Optional<Action> current = Optional.empty();
    private boolean done;
    private Disposable limit = Disposable.disposed();
    private final Map<String, Failure> failures = new LinkedHashMap<>();

    /** The names on which the last plan depended. */
    Set<String> names = Set.of();

    /** The last plan. */
    Optional<Plan> plan = Optional.empty();

    /** What was last told of each thing that is refused, so that it is told once. */
    final Map<String, String> told = new LinkedHashMap<>();

    /** An action that has failed, and the timer of its next attempt. */
    private record Failure(int count, String message, Disposable retry) {}

    /** Whether an action was begun that has not come back, or does not show yet. */
    boolean isBusy() {
        return current.isPresent();
    }

    void begin(Action action) {
        current = Optional.of(action);
        done = false;
    }

    /** The action has come back well; the timer ends the wait for its effect. */
    void succeeded(Disposable timer) {
        done = true;
        limit = timer;
        current.ifPresent(action -> {
            clear(failures.remove(keyOf(action)));
            told.remove(keyOf(action));
        });
    }

    /** Whether the action has come back and can be seen. */
    boolean isSettled(HostView view) {
        return done && current.filter(action -> action.shows(view)).isPresent();
    }

    void end() {
        current = Optional.empty();
        limit.dispose();
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
        limit.dispose();
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
