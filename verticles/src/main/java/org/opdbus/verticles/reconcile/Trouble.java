// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import org.opdbus.verticles.bus.StepException;

/**
 * Why a step was not carried out.
 *
 * @param message what was attempted, and why it failed
 * @param remedy what the user has to do about it; empty if a retry may succeed without the user
 */
record Trouble(String message, String remedy) {
    static Trouble of(Throwable failure) {
        return new Trouble(
                String.valueOf(failure.getMessage()), failure instanceof StepException refused ? refused.remedy() : "");
    }
}
