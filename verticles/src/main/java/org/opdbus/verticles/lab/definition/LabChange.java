// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import java.util.List;

/** A change of a lab's definition, as a caller asks for it. Names are as the caller wrote them: unchecked. */
public sealed interface LabChange {
    /**
     * An item is added.
     *
     * @param endpoints a letter for each endpoint: {@code s} for a spied one, {@code v} for one that is not
     * @param macs the hardware addresses of the endpoints; where there is none, the definition makes one
     */
    record AddItem(String name, LabMachine machine, String endpoints, List<String> macs) implements LabChange {
        public AddItem {
            macs = List.copyOf(macs);
        }
    }

    /** An item is removed, with its endpoints. */
    record RemoveItem(String name) implements LabChange {}

    /** An endpoint is put on a LAN. The LAN is made with its first endpoint. */
    record JoinLan(String item, int number, LabEndpoint.Place place) implements LabChange {}

    /** An endpoint is taken from its LAN. The LAN goes with its last endpoint. */
    record LeaveLan(String item, int number, String lan) implements LabChange {}

    /** The frames of an endpoint are copied to a port of their own, or no longer. */
    record Spy(String item, int number, boolean wanted) implements LabChange {}

    /** The delay, loss and rate of a line are changed. */
    record Shape(String item, LabMachine.A2b line) implements LabChange {}
}
