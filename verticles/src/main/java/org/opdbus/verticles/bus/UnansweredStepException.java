// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

/** No handler answered a step. The step may have been carried out all the same; the next look at the host shows it. */
public final class UnansweredStepException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnansweredStepException(Step step, String why) {
        super("no answer to " + step + ": " + why);
    }
}
