// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.List;

/**
 * A fact about an uplink of this host that is moved onto a bridge of Open vSwitch, or back. The way back works without the agent;
 * the agent tells what it did when it runs again.
 */
public sealed interface UplinkEvent extends Event {
    /** Returns the name of the uplink. */
    String link();

    @Override
    default String subject() {
        return link();
    }

    /**
     * A move is about to begin: its plan, its way back and the alarm that takes it are in place, and nothing was changed.
     *
     * @param bridge the bridge
     * @param move the identifier of the move
     * @param direction {@code onto} the bridge, or {@code back}
     * @param manager the program that configures the host's network at boot, or empty
     * @param steps what will be done, in order
     * @param confirmWithinS how long the way back waits for a confirmation
     */
    record UplinkPlanned(
            String link,
            String bridge,
            String move,
            String direction,
            String manager,
            List<String> steps,
            long confirmWithinS)
            implements UplinkEvent {
        public UplinkPlanned {
            steps = List.copyOf(steps);
        }
    }

    /**
     * A step of a move is done.
     *
     * @param number the number of the step, from 1
     */
    record UplinkStepped(String link, String move, int number, String step) implements UplinkEvent {}

    /** All steps of a move are done and the probes were answered; a confirmation is awaited. */
    record UplinkMoved(String link, String bridge, String move) implements UplinkEvent {}

    /**
     * A move was confirmed; the way back is disarmed.
     *
     * @param evidence the connection by which the confirmation came
     */
    record UplinkConfirmed(String link, String bridge, String move, String evidence) implements UplinkEvent {}

    /**
     * The way back was taken: the host's network is what it was before the move.
     *
     * @param cause why: the step that failed, the probe without an answer, the missing confirmation, a caller, a reboot
     */
    record UplinkReverted(String link, String bridge, String move, String cause) implements UplinkEvent {}

    /** The way back was taken, and could not be finished; it is tried again. */
    record RevertFailed(String link, String bridge, String move, String cause, String remedy) implements UplinkEvent {}

    /**
     * The agent wrote its mark on the port of a confirmed uplink again, because another program had removed it.
     *
     * @param round how often it has done so within a minute
     */
    record UplinkMarked(String link, String bridge, String move, int round) implements UplinkEvent {}

    /**
     * Another program keeps changing the port of a confirmed uplink; the agent leaves it as it is for a while.
     *
     * @param what what the other program changes
     * @param remedy what to do about it
     */
    record UplinkContested(String link, String bridge, String move, String what, String remedy)
            implements UplinkEvent {}
}
