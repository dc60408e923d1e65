// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import org.opdbus.verticles.driver.DriverException;

/** A step of an apply that failed. */
final class StepFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String step;
    private final String message;
    private final String remedy;

    StepFailure(String step, String message, String remedy) {
        super(message);
        this.step = step;
        this.message = message;
        this.remedy = remedy;
    }

    private StepFailure(String step, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.step = step;
        this.message = message;
        this.remedy = remedy;
    }

    /** Returns the same failure, as a failure of this step. */
    static StepFailure of(String step, Throwable failure) {
        if (failure instanceof StepFailure known) {
            return known;
        }
        String remedy = failure instanceof DriverException refused
                ? refused.remedy()
                : failure instanceof StateException state ? state.remedy() : "";
        String message = failure.getMessage();
        return new StepFailure(step, message == null ? failure.toString() : message, remedy, failure);
    }

    @Override
    public String getMessage() {
        return message;
    }

    String step() {
        return step;
    }

    String remedy() {
        return remedy;
    }
}
