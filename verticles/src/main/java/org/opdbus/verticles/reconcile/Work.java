// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is under way for one container. Confined to one thread. */
final class Work {
    private Optional<Action> current = Optional.empty();
    private Optional<Class<? extends Action>> failed = Optional.empty();
    private boolean done;
    private int failures;
    private Disposable timer = Disposable.disposed();

    /** The names on which the last plan depended. */
    Set<String> names = Set.of();

    /** The last plan. */
    Optional<Plan> plan = Optional.empty();

    /** What was last told of each link's refusal, by the link's index, so that it is told once. */
    final Map<Integer, String> told = new HashMap<>();

    /** Whether an action was begun that has not come back, or does not show yet. */
    boolean isBusy() {
        return current.isPresent();
    }

    void begin(Action action) {
        current = Optional.of(action);
        done = false;
        timer.dispose();
    }

    /** The action has come back well; the timer ends the wait for its effect. */
    void succeeded(Disposable limit) {
        done = true;
        failures = 0;
        failed = Optional.empty();
        timer = limit;
    }

    /** Whether the action has come back and can be seen. */
    boolean isSettled(HostView view) {
        return done && current.filter(action -> action.shows(view)).isPresent();
    }

    void end() {
        current = Optional.empty();
        timer.dispose();
    }

    /** Counts a failure; returns how many there have been in a row. */
    int failed(Action action) {
        failed = Optional.of(action.getClass());
        return ++failures;
    }

    void retryBy(Disposable retry) {
        timer.dispose();
        timer = retry;
    }

    /** Whether this kind of action has failed and its next attempt is not due yet. */
    boolean isTooEarlyFor(Action action) {
        return failed.filter(action.getClass()::equals).isPresent() && !timer.isDisposed();
    }

    /** What stood in the way may be gone: the next attempt is due now. */
    void forgive() {
        failed = Optional.empty();
        failures = 0;
    }

    void stop() {
        timer.dispose();
    }
}
