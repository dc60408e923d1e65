// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;

/** Decides which of a container's links is its first, its second, …: the slot, from which the name follows. */
final class Slots {
    /** The name of the n-th link of a container that Proxmox manages (PVE::LXC): {@code veth<VMID>i<N>}. */
    private static final Pattern PROXMOX = Pattern.compile("veth([0-9]+)i([0-9]+)");

    private final IntFunction<LinkName> nameOf;
    private final Map<Integer, Link> taken = new TreeMap<>();
    private final Set<Integer> placed = new HashSet<>();

    private Slots(IntFunction<LinkName> nameOf) {
        this.nameOf = nameOf;
    }

    /**
     * A slot for each link, lowest slot first. A link that bears a slot's name keeps the slot, so that taking one link away
     * renames no other; a link of Proxmox's has the number that Proxmox gave it; a link that bore a slot's name earlier gets
     * that slot back, so that two links that another hand has renamed do not want each other's names; the rest take the
     * lowest free slots in order. The work grows with the links as sorting does.
     */
    static Map<Link, Integer> assign(
            List<Link> links, IntFunction<LinkName> nameOf, Function<Link, List<String>> formerNames) {
        Slots slots = new Slots(nameOf);
        slots.keep(links, Slots::namesOf);
        slots.keepProxmox(links);
        slots.keep(links, formerNames);
        slots.placeOthers(links);
        Map<Link, Integer> assigned = new LinkedHashMap<>();
        slots.taken.forEach((slot, link) -> assigned.put(link, slot));
        return assigned;
    }

    private static List<String> namesOf(Link link) {
        if (link.altNames().isEmpty()) {
            return List.of(link.name().value());
        }
        List<String> names = new ArrayList<>(link.altNames().size() + 1);
        names.add(link.name().value());
        names.addAll(link.altNames());
        return names;
    }

    private void keep(List<Link> links, Function<Link, List<String>> namesOf) {
        Map<Integer, List<Link>> claims = new TreeMap<>();
        for (Link link : links) {
            if (!placed.contains(link.index())) {
                namesOf.apply(link).forEach(name -> claim(link, name, claims));
            }
        }
        claims.forEach((slot, claimants) -> claimants.stream()
                .filter(link -> !placed.contains(link.index()) && !taken.containsKey(slot))
                .findFirst()
                .ifPresent(link -> place(slot, link)));
    }

    private void claim(Link link, String name, Map<Integer, List<Link>> claims) {
        int slot = furtherSlot(name);
        if (nameOf.apply(slot).value().equals(name)) {
            claims.computeIfAbsent(slot, key -> new ArrayList<>()).add(link);
        } else if (slot != 0 && nameOf.apply(0).value().equals(name)) {
            claims.computeIfAbsent(0, key -> new ArrayList<>()).add(link);
        }
    }

    /** The slot of which a name speaks that ends as those of all slots but the first do, in {@code i<N>}; otherwise 0. */
    private static int furtherSlot(String name) {
        int digits = name.length();
        while (digits > 0 && name.charAt(digits - 1) >= '0' && name.charAt(digits - 1) <= '9') {
            digits--;
        }
        int count = name.length() - digits;
        return count >= 1 && count <= 4 && digits > 0 && name.charAt(digits - 1) == 'i' && name.charAt(digits) != '0'
                ? Integer.parseInt(name, digits, name.length(), 10)
                : 0;
    }

    private void keepProxmox(List<Link> links) {
        for (Link link : links) {
            if (placed.contains(link.index())) {
                continue;
            }
            Matcher proxmox = PROXMOX.matcher(link.name().value());
            if (proxmox.matches() && proxmox.group(2).length() <= 2) {
                int slot = Integer.parseInt(proxmox.group(2));
                if (!taken.containsKey(slot)) {
                    place(slot, link);
                }
            }
        }
    }

    private void placeOthers(List<Link> links) {
        int next = 0;
        for (Link link : links) {
            if (!placed.contains(link.index())) {
                while (taken.containsKey(next)) {
                    next++;
                }
                place(next, link);
            }
        }
    }

    private void place(int slot, Link link) {
        taken.put(slot, link);
        placed.add(link.index());
    }
}
