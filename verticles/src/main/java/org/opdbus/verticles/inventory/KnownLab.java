// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A lab of this host: what its definition says, and what is there of it.
 *
 * @param name its name
 * @param namespace the name of its network namespace
 * @param running whether a caller wants it to run
 * @param settled whether everything is as the definition says
 * @param endpoints every endpoint of every item, in the order of their items' names and of their numbers
 * @param lans the LANs, sorted by name
 * @param trouble what is not as the definition says, with the reason, by the name of the lab, of an item or of an endpoint
 */
public record KnownLab(
        String name,
        String namespace,
        boolean running,
        boolean settled,
        List<Endpoint> endpoints,
        List<Lan> lans,
        Map<String, String> trouble) {
    public KnownLab {
        endpoints = List.copyOf(endpoints);
        lans = List.copyOf(lans);
        trouble = Map.copyOf(trouble);
    }

    /**
     * A LAN of a lab.
     *
     * @param bridge the name of its bridge in the lab's Open vSwitch
     * @param live whether the bridge is there
     * @param endpoints how many endpoints the definition puts on it
     * @param spied how many of them are spied
     */
    public record Lan(String name, String bridge, boolean live, int endpoints, int spied) {}

    /**
     * An endpoint of an item, and that item.
     *
     * @param port the name of its link and of its port in the lab's Open vSwitch
     * @param item the name of the item
     * @param kind what the item is, in the word of the command, such as {@code kvm}
     * @param machine how the item is: {@code running}, {@code changing}, {@code ended} or {@code absent}
     * @param number the number of the endpoint within the item
     * @param mac the hardware address that the machine has there; empty if the definition names none
     * @param place the LAN on which the definition puts it; empty if on none
     * @param ofport its OpenFlow number; 0 if it has none, negative if it failed
     * @param reason why it or its item is not as the definition says; empty if it is
     */
    public record Endpoint(
            String port,
            String item,
            String kind,
            String machine,
            int number,
            boolean spied,
            String mac,
            Optional<Place> place,
            int ofport,
            String reason) {
        /** Returns whether it carries frames of its LAN. */
        public boolean isLive() {
            return place.isPresent() && ofport >= 1;
        }
    }

    /**
     * A place on a LAN.
     *
     * @param tag the VLAN of frames without a tag; 0 for none
     * @param trunks the VLANs whose tagged frames it carries; empty if it carries all
     */
    public record Place(String lan, int tag, List<Integer> trunks) {
        public Place {
            trunks = List.copyOf(trunks);
        }
    }

    /** Returns the number of items. */
    public int items() {
        return (int) endpoints.stream().map(Endpoint::item).distinct().count();
    }
}
