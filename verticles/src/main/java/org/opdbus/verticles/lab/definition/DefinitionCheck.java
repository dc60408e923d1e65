// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import static org.opdbus.verticles.lab.definition.LabChecks.require;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks a definition that was read from a file, which a person may have written: names and numbers go on to programs. */
final class DefinitionCheck {
    private final LabDefinition definition;
    private final Set<Integer> ids = new HashSet<>();
    private final Set<String> macs = new HashSet<>();
    private final Map<String, Integer> spies = new HashMap<>();

    private DefinitionCheck(LabDefinition definition) {
        this.definition = definition;
    }

    static void check(LabDefinition definition) {
        require(
                definition.lastId() >= 0 && definition.lastId() <= LabNames.ID_MAX,
                "lastId is " + definition.lastId(),
                "");
        DefinitionCheck check = new DefinitionCheck(definition);
        definition.items().values().forEach(check::item);
    }

    private void item(LabItem item) {
        String name = item.name();
        LabChecks.item(name, item.machine());
        MachineChecks.check(item.machine());
        LabChecks.endpoints(name, "v".repeat(item.endpoints().size()), item.machine());
        require(
                item.id() >= 1 && item.id() <= LabNames.ID_MAX && ids.add(item.id()),
                "the number " + item.id() + " of " + name + " is out of range, or another item has it",
                "");
        for (int number = 0; number < item.endpoints().size(); number++) {
            LabEndpoint endpoint = item.endpoints().get(number);
            require(endpoint.number() == number, "the endpoints of " + name + " are not in order", "");
            require(
                    macs.add(LabChecks.mac(endpoint.mac())),
                    "two endpoints have the hardware address " + endpoint.mac(),
                    "");
            endpoint.place().ifPresent(place -> place(endpoint, place));
        }
    }

    private void place(LabEndpoint endpoint, LabEndpoint.Place place) {
        LabChecks.place(place);
        require(!definition.items().containsKey(place.lan()), "an item and a LAN are called " + place.lan(), "");
        int count = endpoint.spied() ? spies.merge(place.lan(), 1, Integer::sum) : 0;
        require(
                count <= LabNames.SPIES_MAX,
                "the LAN " + place.lan() + " has more than " + LabNames.SPIES_MAX + " spied endpoints",
                "");
    }
}
