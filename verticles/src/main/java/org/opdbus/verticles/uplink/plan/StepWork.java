// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

/** Carries out steps of a move. */
@FunctionalInterface
public interface StepWork {
    /**
     * Carries out a step; blocks until it is done. It may be repeated.
     *
     * @param move the identifier of the move, which is also the mark on rows of Open vSwitch
     * @throws UplinkFailure if it could not be done; it may have been done in part
     */
    void perform(String move, Step step);
}
