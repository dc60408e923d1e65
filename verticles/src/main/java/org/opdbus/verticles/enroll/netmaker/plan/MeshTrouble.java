// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

/**
 * The obstacle that keeps a container out of its mesh, or makes it degraded.
 *
 * @param why empty if there is no obstacle
 * @param remedy what the user must do; empty if it may pass by itself
 * @param published the reason that was published last, so that nothing is published twice
 */
public record MeshTrouble(String why, String remedy, String published) {
    /** No obstacle. */
    public static final MeshTrouble NONE = new MeshTrouble("", "", "");
}
