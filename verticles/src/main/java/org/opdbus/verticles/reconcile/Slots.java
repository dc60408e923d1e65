// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;

/** Decides which of a container's links is its first, its second, …: the slot, from which the name follows. */
final class Slots {
    /** The name of the n-th link of a container that Proxmox manages (PVE::LXC): {@code veth<VMID>i<N>}. */
    static final Pattern PROXMOX = Pattern.compile("veth([0-9]+)i([0-9]+)");

    private Slots() {}

    /**
     * A slot for each link. A link that bears a slot's name keeps the slot, so that taking one link away renames no
     * other; a link of Proxmox's has the number that Proxmox gave it; the rest take the lowest free slots in order.
     */
    static Map<Link, Integer> assign(List<Link> links, IntFunction<LinkName> nameOf) {
        Map<Integer, Link> taken = new HashMap<>();
        for (int slot = 0; slot < NamingRule.LINKS_MAX; slot++) {
            String name = nameOf.apply(slot).value();
            for (Link link : links) {
                if (link.answersTo(name) && !taken.containsValue(link)) {
                    taken.put(slot, link);
                    break;
                }
            }
        }
        for (Link link : links) {
            Matcher proxmox = PROXMOX.matcher(link.name().value());
            if (!taken.containsValue(link)
                    && proxmox.matches()
                    && proxmox.group(2).length() <= 2) {
                taken.putIfAbsent(Integer.parseInt(proxmox.group(2)), link);
            }
        }
        int next = 0;
        for (Link link : links) {
            if (!taken.containsValue(link)) {
                while (taken.containsKey(next)) {
                    next++;
                }
                taken.put(next, link);
            }
        }
        Map<Link, Integer> slots = new LinkedHashMap<>();
        taken.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> slots.put(entry.getValue(), entry.getKey()));
        return slots;
    }
}
