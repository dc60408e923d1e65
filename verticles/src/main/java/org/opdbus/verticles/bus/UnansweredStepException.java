// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

/**
 * Says that no handler answered a step. A handler may have carried the step out all the same; the next check of the
 * container shows that.
 */
public final class UnansweredStepException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnansweredStepException(ContainerStep step, String why) {
        super("no answer to " + step + ": " + why);
    }
}
