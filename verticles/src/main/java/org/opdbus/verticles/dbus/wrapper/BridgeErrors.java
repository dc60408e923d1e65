// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wrapper;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.edges.BridgeException;

/** Gives the failures of {@link org.opdbus.verticles.edges.BridgeWork} their D-Bus error names. */
public final class BridgeErrors {
    private static final String PREFIX = "org.openvswitch.ovsdb.Error.";

    private BridgeErrors() {}

    /** Returns a change as the answer of a method without results. */
    public static Single<List<Object>> answer(Completable change) {
        return named(change.andThen(Single.just(List.of())));
    }

    /** Returns a value as the answer of a method with one result. */
    public static Single<List<Object>> answer(Single<?> value) {
        return named(value.map(List::<Object>of));
    }

    /** Returns a value for a request that the caller wrote, as the answer of a method with one result. */
    static Single<List<Object>> answerToRequest(Single<?> value) {
        return named(value.onErrorResumeNext(failure -> Single.error(
                        failure instanceof BridgeException refused && refused.reason() == BridgeException.Reason.INVALID
                                ? BusErrorException.standard("InvalidArgs", String.valueOf(refused.getMessage()))
                                : failure))
                .map(List::<Object>of));
    }

    private static Single<List<Object>> named(Single<List<Object>> answer) {
        return answer.onErrorResumeNext(failure -> Single.error(named(failure)));
    }

    /** Returns the same failure under its D-Bus name; a failure of another kind stays as it is. */
    static Throwable named(Throwable failure) {
        return failure instanceof BridgeException refused
                ? new BusErrorException(PREFIX + name(refused.reason()), String.valueOf(refused.getMessage()))
                : failure;
    }

    private static String name(BridgeException.Reason reason) {
        return switch (reason) {
            case NO_BRIDGE -> "NoSuchBridge";
            case NO_PORT -> "NoSuchPort";
            case ALREADY_EXISTS -> "AlreadyExists";
            case IN_USE -> "InUse";
            case INVALID -> "InvalidName";
            case REFUSED -> "Refused";
            case UNAVAILABLE -> "Unavailable";
        };
    }
}
