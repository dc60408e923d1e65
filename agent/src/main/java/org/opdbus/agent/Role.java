// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

/** What an agent is started for. */
public enum Role {
    /** It enrols every container of this host, and answers on its sockets. */
    SERVE,
    /** It carries out one command while no other agent runs: it enrols what the command names, and has no sockets. */
    CARRY_OUT,
    /** It looks at this host for one command, and changes nothing. */
    OBSERVE
}
