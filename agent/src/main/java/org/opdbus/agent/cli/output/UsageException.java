// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

/** Says that options exclude or need each other. The message is for the user. The exit status is 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
