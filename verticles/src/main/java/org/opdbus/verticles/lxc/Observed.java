// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

/**
 * The answer to the question whether a container runs now. Code asks it when it must be sure before
 * it removes something.
 */
public sealed interface Observed {
    /**
     * The container runs; it may be frozen.
     *
     * @param initPid the process id of its init
     */
    record Running(long initPid) implements Observed {}

    /** No process listens on the container's command socket, and no known init of it is alive. */
    record Stopped() implements Observed {}

    /**
     * The state is unknown; the caller must conclude nothing.
     *
     * @param reason why it is unknown
     */
    record Unknown(String reason) implements Observed {}
}
