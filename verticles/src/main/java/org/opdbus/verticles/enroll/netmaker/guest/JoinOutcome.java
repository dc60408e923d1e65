// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

/** What came of running {@code netclient join}. */
public sealed interface JoinOutcome {
    /** The server took the registration. Whether anything comes of it is another question. */
    record Accepted(String server) implements JoinOutcome {}

    /**
     * Trying again as it is would end the same way.
     *
     * @param ofKey whether another key would help
     */
    record Permanent(String message, String remedy, boolean ofKey) implements JoinOutcome {}

    /** Time may help; the remedy is empty if nothing else does. */
    record Retryable(String reason, String remedy) implements JoinOutcome {}
}
