// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.vm.QemuCommandLine.Card;
import org.opdbus.verticles.vm.QemuProcess.HeldTap;

/** Joins the taps that a process holds with the devices of its command line. Pure. */
final class HeldTaps {
    private HeldTaps() {}

    /**
     * Returns the taps in the order of the devices. Proxmox numbers its taps by device. Otherwise the devices of the command
     * line come first, in its order; taps that were plugged in later follow in the order of their descriptors.
     *
     * @param descriptors the taps by the number of the open file, in the order of these numbers; a tap with several queues
     *     is there several times
     */
    static List<HeldTap> of(Map<Integer, String> descriptors, List<Card> cards) {
        Map<String, Optional<String>> taps = new LinkedHashMap<>();
        List<Card> unnamed = new ArrayList<>();
        for (Card card : cards) {
            Set<String> named = named(card, descriptors);
            named.forEach(tap -> taps.putIfAbsent(tap, card.mac()));
            if (card.tap().isEmpty() && card.descriptors().isEmpty()) {
                unnamed.add(card);
            }
        }
        // Qemu opens its taps in the order of its command line, and the kernel gives out the lowest free number.
        Deque<String> rest = new ArrayDeque<>(new LinkedHashSet<>(descriptors.values()));
        rest.removeAll(taps.keySet());
        unnamed.forEach(card -> {
            String tap = rest.poll();
            if (tap != null) {
                taps.put(tap, card.mac());
            }
        });
        rest.forEach(tap -> taps.put(tap, Optional.empty()));
        List<HeldTap> held = new ArrayList<>();
        taps.forEach((tap, mac) -> held.add(new HeldTap(tap, mac)));
        held.sort(Comparator.comparingInt(
                tap -> ProxmoxTap.of(tap.name()).map(ProxmoxTap::device).orElse(Integer.MAX_VALUE)));
        return held;
    }

    private static Set<String> named(Card card, Map<Integer, String> descriptors) {
        Set<String> named = new LinkedHashSet<>();
        card.tap().filter(descriptors::containsValue).ifPresent(named::add);
        card.descriptors().stream().sorted().map(descriptors::get).forEach(tap -> {
            if (tap != null) {
                named.add(tap);
            }
        });
        return named;
    }
}
