// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import static org.assertj.core.api.Assertions.catchThrowable;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;

/** The failures of operations. */
public final class Failures {
    private Failures() {}

    public static DriverException of(Completable operation) {
        return of(operation.toSingleDefault(true));
    }

    public static DriverException of(Single<?> operation) {
        Throwable failure = catchThrowable(operation::blockingGet);
        if (failure != null && failure.getCause() instanceof DriverException driverException) {
            return driverException;
        }
        throw new AssertionError("no DriverException but " + failure, failure);
    }
}
