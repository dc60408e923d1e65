// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.function.Function;

/** Registers the handlers of steps. The {@link Bus} implements it, and so do the doubles of tests. */
public interface StepHandlers {
    /**
     * Calls the handler for each step of one type, on the caller's context, until the registration is disposed of. That
     * also disposes of the steps in progress. A type has one handler.
     *
     * @param handler carries a step out; the result of its {@code Completable} becomes the answer
     */
    <S extends ContainerStep> Disposable handle(Class<S> type, Function<S, Completable> handler);
}
