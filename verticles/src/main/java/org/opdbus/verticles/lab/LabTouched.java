// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabItem;

/** Which trouble of a lab is about what a change touched. */
final class LabTouched {
    private static final int SHOWN_MAX = 3;

    private LabTouched() {}

    /** Returns the reasons in one line; empty if all that the changes touch is as wanted. */
    static String by(List<LabChange> changes, LabDefinition after, Map<String, String> trouble) {
        Set<String> names = new HashSet<>(Set.of(after.name()));
        for (LabChange change : changes) {
            String name = itemOf(change);
            LabItem item = after.items().get(name);
            names.add(name);
            if (item != null) {
                item.endpoints().forEach(endpoint -> names.add(item.portOf(endpoint)));
            }
        }
        Map<String, String> own = new TreeMap<>(trouble);
        own.keySet().retainAll(names);
        String more = own.size() > SHOWN_MAX ? "; and " + (own.size() - SHOWN_MAX) + " more" : "";
        return own.entrySet().stream()
                .limit(SHOWN_MAX)
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining("; ", "", more));
    }

    private static String itemOf(LabChange change) {
        if (change instanceof LabChange.AddItem add) {
            return add.name();
        }
        if (change instanceof LabChange.JoinLan join) {
            return join.item();
        }
        if (change instanceof LabChange.Spy spy) {
            return spy.item();
        }
        return change instanceof LabChange.Shape shape ? shape.item() : "";
    }
}
