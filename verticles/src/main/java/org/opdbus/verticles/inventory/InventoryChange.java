// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.Set;
import org.opdbus.events.ContainerId;

/**
 * What differs between two inventories: the one that a reader has dealt with, and a newer one. What came and went between the two
 * does not show. Each question costs what has changed, not what there is.
 *
 * @param before what the reader has dealt with; {@link Inventory#of empty} for a reader that begins
 * @param after the newer one
 */
public record InventoryChange(Inventory before, Inventory after) {
    /** Everything that there is, for a reader that begins. */
    public static InventoryChange fromNothing(Inventory now) {
        return new InventoryChange(Inventory.of(now.host()), now);
    }

    /** Whether something about the agent itself is different. */
    public boolean isOfHost() {
        return before.version() == 0 || !before.host().equals(after.host());
    }

    /** The containers that came, went or are different. */
    public Set<ContainerId> containers() {
        return after.containers().changedSince(before.containers());
    }

    /** The indexes of the links that came, went or are different. */
    public Set<Integer> links() {
        return after.links().changedSince(before.links());
    }

    /** The identifiers of the rows of the ports that came, went or are different. */
    public Set<String> ports() {
        return after.ports().changedSince(before.ports());
    }

    /** The names of the bridges that came, went or are different. */
    public Set<String> bridges() {
        return after.bridges().changedSince(before.bridges());
    }

    /** The ids of the enrolments that began, ended or are different. */
    public Set<String> enrollments() {
        return after.enrollments().changedSince(before.enrollments());
    }

    /** The names of the other hosts that came, went or are different. */
    public Set<String> peers() {
        return after.peers().changedSince(before.peers());
    }
}
