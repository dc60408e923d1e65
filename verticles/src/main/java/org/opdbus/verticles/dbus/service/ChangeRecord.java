// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Completable;

/** Puts on record who asked for a change, before it is made. */
@FunctionalInterface
public interface ChangeRecord {
    /**
     * Records a request.
     *
     * @param operation the interface and method
     * @param target what is to be changed; empty if the method has no such argument
     * @return completes when the fact is published; never fails
     */
    Completable requested(Caller caller, String operation, String target);
}
