// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import java.util.List;
import java.util.stream.Collectors;

/** A change of a lab's definition, as a caller asks for it. Names are as the caller wrote them: unchecked. */
public sealed interface LabChange {
    /** Returns the words of a command that asks for it, such as {@code add lan web1 0 lan01}, for people. */
    String text();

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

        @Override
        public String text() {
            return "add " + machine.word() + " " + name + " eth=" + endpoints;
        }
    }

    /** An item is removed, with its endpoints. */
    record RemoveItem(String name) implements LabChange {
        @Override
        public String text() {
            return "del " + name;
        }
    }

    /** An endpoint is put on a LAN. The LAN is made with its first endpoint. */
    record JoinLan(String item, int number, LabEndpoint.Place place) implements LabChange {
        @Override
        public String text() {
            return "add lan " + item + " " + number + " " + place.lan()
                    + (place.tag() == 0 ? "" : " tag=" + place.tag())
                    + (place.trunks().isEmpty()
                            ? ""
                            : place.trunks().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(",", " trunks=", "")));
        }
    }

    /** An endpoint is taken from its LAN. The LAN goes with its last endpoint. */
    record LeaveLan(String item, int number, String lan) implements LabChange {
        @Override
        public String text() {
            return "del lan " + item + " " + number + " " + lan;
        }
    }

    /** The frames of an endpoint are copied to a port of their own, or no longer. */
    record Spy(String item, int number, boolean wanted) implements LabChange {
        @Override
        public String text() {
            return "spy " + item + " " + number + (wanted ? " on" : " off");
        }
    }

    /** A line gets this delay, loss and rate. */
    record Shape(String item, LabMachine.A2b line) implements LabChange {
        @Override
        public String text() {
            return "shape " + item + " " + String.join(" ", LineUnits.words(line));
        }
    }
}
