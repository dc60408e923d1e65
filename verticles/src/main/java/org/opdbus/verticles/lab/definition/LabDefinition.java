// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a lab shall be. The LANs are those on which its endpoints are.
 *
 * @param name the name of the lab
 * @param items the items by name
 * @param lastId the number that was given last; the next item gets the next free one after it
 */
public record LabDefinition(String name, SortedMap<String, LabItem> items, int lastId) {
    public LabDefinition {
        items = Collections.unmodifiableSortedMap(new TreeMap<>(items));
    }

    /** Returns the definition of a new lab. */
    public static LabDefinition empty(String name) {
        return new LabDefinition(name, new TreeMap<>(Map.of()), 0);
    }

    /** Returns the names of the LANs. */
    public SortedSet<String> lans() {
        SortedSet<String> lans = new TreeSet<>();
        items.values()
                .forEach(item -> item.endpoints()
                        .forEach(endpoint -> endpoint.place().ifPresent(place -> lans.add(place.lan()))));
        return lans;
    }
}
