// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

/** The purpose of an agent. */
public enum Role {
    /** It enrols every container of this host, and answers on its sockets. */
    SERVE,
    /**
     * It carries out one command while no other agent runs: it enrols the containers that the command names, and has
     * no sockets.
     */
    CARRY_OUT,
    /** It inspects this host for one command, and changes nothing. */
    OBSERVE
}
