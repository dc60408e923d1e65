// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.opdbus.verticles.bus.ContainerStep;
import org.opdbus.verticles.bus.StepHandlers;

/** Takes steps to their handlers without a bus, so that a test decides when anything happens. */
final class DirectSteps implements StepHandlers {
    private final Map<Class<?>, Function<ContainerStep, Completable>> handlers = new HashMap<>();

    @Override
    public <S extends ContainerStep> Disposable handle(Class<S> type, Function<S, Completable> handler) {
        handlers.put(type, step -> handler.apply(type.cast(step)));
        return Disposable.disposed();
    }

    Completable send(ContainerStep step) {
        Function<ContainerStep, Completable> handler = handlers.get(step.getClass());
        return handler == null
                ? Completable.error(new IllegalStateException("no handler of " + step))
                : Completable.defer(() -> handler.apply(step));
    }
}
