// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

/** The status of a container; {@code query} shows these words. */
public enum ContainerPhase {
    /** The container does not run. */
    STOPPED,
    /** The desired state does not want the container enrolled. */
    LEFT_ALONE,
    /** The container runs and has no link into this host. */
    WITHOUT_LINK,
    /** The agent waits for an event; the reason names it. */
    WAITING,
    /** A step for the container is in progress. */
    WORKING,
    /** Every link of the container is enrolled. */
    ENROLLED,
    /** Another program changed what the agent had set, and the configuration allows the agent only to report this. */
    DRIFTED,
    /** The agent refuses to enrol the container, and gives the reason. */
    REFUSED
}
