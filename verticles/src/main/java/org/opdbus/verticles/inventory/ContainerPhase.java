// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

/** How a container stands, in the words that {@code query} shows. */
public enum ContainerPhase {
    /** It does not run. */
    STOPPED,
    /** Nobody wants it enrolled. */
    LEFT_ALONE,
    /** It runs and has no link into this host. */
    WITHOUT_LINK,
    /** It waits for something that is named. */
    WAITING,
    /** Something is being done for it. */
    WORKING,
    /** Every link of it is enrolled. */
    ENROLLED,
    /** Another hand changed what we left, and the configuration says to report only. */
    DRIFTED,
    /** It is not enrolled, for a reason that is named. */
    REFUSED
}
