// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import org.opdbus.agent.cli.output.CannotRunException;

/** What the commands say when a running agent refuses a request. */
final class AgentRefusal {
    /** How an agent of any version begins its answer to a request that it does not know. */
    private static final String UNKNOWN = "unknown method: ";

    private AgentRefusal() {}

    /** Returns the exception for an error that the agent has answered, with a remedy if the agent is older than the command. */
    static CannotRunException of(String error) {
        return new CannotRunException(
                error.startsWith(UNKNOWN)
                        ? "the running agent is older than this command, and does not know the request \""
                                + error.substring(UNKNOWN.length())
                                + "\"; restart the agent: systemctl restart op-dbus"
                        : error);
    }
}
