// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

/**
 * Says that a command could not run. The message is for the user and says what to do. The exit
 * status is 2.
 */
public final class CannotRunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CannotRunException(String message) {
        super(message);
    }

    public CannotRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
