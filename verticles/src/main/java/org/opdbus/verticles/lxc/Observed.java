// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

/** The answer to "does this container run, now?", for those who must be sure before they remove something. */
public sealed interface Observed {
    /**
     * It runs, perhaps frozen.
     *
     * @param initPid the process id of its init
     */
    record Running(long initPid) implements Observed {}

    /** Nobody listens on its command socket, and no init of it is known to live. */
    record Stopped() implements Observed {}

    /**
     * It could not be found out; nothing may be concluded.
     *
     * @param reason why not
     */
    record Unknown(String reason) implements Observed {}
}
