// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

/**
 * Says that a command could not run. The message is for the user and says what to do. The exit
 * status is 2.
 */
final class CannotRunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotRunException(String message) {
        super(message);
    }

    CannotRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
