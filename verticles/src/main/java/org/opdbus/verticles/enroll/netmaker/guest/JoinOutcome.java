// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

/** The result of running {@code netclient join}. */
public sealed interface JoinOutcome {
    /** The server accepted the registration. Whether the container gets a node is another question. */
    record Accepted(String server) implements JoinOutcome {}

    /**
     * Another try without a change would end the same way.
     *
     * @param ofKey whether another key would help
     */
    record Permanent(String message, String remedy, boolean ofKey) implements JoinOutcome {}

    /** A later try may succeed; the remedy is empty if nothing else helps. */
    record Retryable(String reason, String remedy) implements JoinOutcome {}
}
