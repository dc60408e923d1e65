// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

/** How far a step of a move is. */
public enum StepState {
    PLANNED,
    BEGUN,
    DONE,
    UNDONE
}
