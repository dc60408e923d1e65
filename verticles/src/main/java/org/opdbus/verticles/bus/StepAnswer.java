// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import java.util.Optional;

/**
 * A handler's answer to a step.
 *
 * @param failure the reason why the handler did not carry the step out; empty if it did
 */
record StepAnswer(Optional<Throwable> failure) {
    static final StepAnswer DONE = new StepAnswer(Optional.empty());

    static StepAnswer failed(Throwable failure) {
        return new StepAnswer(Optional.of(failure));
    }
}
