// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.Set;
import org.opdbus.events.ContainerId;

/**
 * The difference between two inventories: the one that a reader has processed, and a newer one. It does not show an object
 * that appeared and vanished between the two. The cost of each method depends on what has changed, not on the size.
 *
 * @param before the inventory that the reader has processed; {@link Inventory#of empty} for a new reader
 * @param after the newer inventory
 */
public record InventoryChange(Inventory before, Inventory after) {
    /** Returns the change from an empty inventory to this one, for a new reader. */
    public static InventoryChange fromNothing(Inventory now) {
        return new InventoryChange(Inventory.of(now.host()), now);
    }

    /** Returns whether the state of the agent itself differs. */
    public boolean isOfHost() {
        return before.version() == 0 || !before.host().equals(after.host());
    }

    /** Returns the containers that were added, removed or changed. */
    public Set<ContainerId> containers() {
        return after.containers().changedSince(before.containers());
    }

    /** Returns the indexes of the links that were added, removed or changed. */
    public Set<Integer> links() {
        return after.links().changedSince(before.links());
    }

    /** Returns the row identifiers of the ports that were added, removed or changed. */
    public Set<String> ports() {
        return after.ports().changedSince(before.ports());
    }

    /** Returns the names of the bridges that were added, removed or changed. */
    public Set<String> bridges() {
        return after.bridges().changedSince(before.bridges());
    }

    /** Returns the ids of the enrolments that began, ended or changed. */
    public Set<String> enrollments() {
        return after.enrollments().changedSince(before.enrollments());
    }

    /** Returns the names of the other hosts that were added, removed or changed. */
    public Set<String> peers() {
        return after.peers().changedSince(before.peers());
    }

    /** Returns the names of the labs that were added, removed or changed. */
    public Set<String> labs() {
        return after.labs().changedSince(before.labs());
    }
}
