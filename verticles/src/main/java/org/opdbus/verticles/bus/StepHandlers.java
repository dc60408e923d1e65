// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.function.Function;

/** Where a room says which steps it carries out: the {@link Bus}, or what a test has in its place. */
public interface StepHandlers {
    /**
     * Carries out the steps of one type, on the caller's context, until disposed of. What is under way then is disposed of,
     * too. A type has one handler.
     *
     * @param handler carries a step out; what it returns decides the answer
     */
    <S extends Step> Disposable handle(Class<S> type, Function<S, Completable> handler);
}
