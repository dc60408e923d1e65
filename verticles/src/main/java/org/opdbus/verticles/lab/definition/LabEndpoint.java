// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import java.util.List;
import java.util.Optional;

/**
 * An endpoint of an item: one link, which can be a port of one LAN.
 *
 * @param number its number within the item, from 0
 * @param spied whether its frames are copied to a port of their own
 * @param mac the hardware address that the machine has there
 * @param place the LAN on which it is; empty if it is on none
 */
public record LabEndpoint(int number, boolean spied, String mac, Optional<Place> place) {
    /**
     * A place on a LAN.
     *
     * @param tag the VLAN of its frames without a tag, 1 to 4094, or 0 for none
     * @param trunks the VLANs whose tagged frames it carries; empty if it carries all
     */
    public record Place(String lan, int tag, List<Integer> trunks) {
        public Place {
            trunks = List.copyOf(trunks);
        }
    }

    /** Returns the same endpoint on this LAN, or on none. */
    public LabEndpoint on(Optional<Place> other) {
        return new LabEndpoint(number, spied, mac, other);
    }

    /** Returns the same endpoint, spied or not. */
    public LabEndpoint spied(boolean wanted) {
        return new LabEndpoint(number, wanted, mac, place);
    }
}
