// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;

/**
 * The links that stand for items. The first link of an item gets an alias with the item's kind and name when everything of it is
 * made; an item whose link has none was left half made. All methods wait for the kernel.
 */
final class FinishedLinks {
    private static final int MAC_BYTES = 6;
    /** A locally administered address of one station (IEEE 802, section 8.4). */
    private static final byte LOCAL = 0x02;

    private FinishedLinks() {}

    static String alias(String word, LabItem item) {
        return word + " " + item.name();
    }

    /** Returns the items of a kind that are finished; none if the lab has no namespace. */
    static Map<String, MachineState> states(Path namespaceFile, String word) {
        Map<String, MachineState> states = new HashMap<>();
        links(namespaceFile, word).keySet().forEach(name -> states.put(name, MachineState.RUNNING));
        return Map.copyOf(states);
    }

    /** Returns the first links of the items of a kind that are finished, by the items' names; none if the lab has no namespace. */
    static Map<String, ListedLink> links(Path namespaceFile, String word) {
        if (!Files.exists(namespaceFile)) {
            return Map.of();
        }
        Map<String, ListedLink> links = new HashMap<>();
        String prefix = word + " ";
        try (NetworkNamespace namespace = NetworkNamespace.at(namespaceFile);
                NetworkReader reader = NetworkReader.open(namespace)) {
            reader.links().items().stream()
                    .filter(link -> link.alias().startsWith(prefix))
                    .forEach(link -> links.put(link.alias().substring(prefix.length()), link));
        }
        return Map.copyOf(links);
    }

    static Optional<ListedLink> find(NetworkNamespace namespace, LinkName name) {
        try (NetworkReader reader = NetworkReader.open(namespace)) {
            return reader.links().items().stream()
                    .filter(link -> link.name().equals(name.value()))
                    .findFirst();
        }
    }

    /** Returns the index of a link that was just made. */
    static int index(RtNetlink links, LinkName name) {
        return links.link(name.value())
                .map(Link::index)
                .orElseThrow(() -> new LabRefusal("the link " + name + " was removed at once", "add the item again"));
    }

    static String randomMac() {
        byte[] mac = new byte[MAC_BYTES];
        ThreadLocalRandom.current().nextBytes(mac);
        mac[0] = LOCAL;
        return HexFormat.ofDelimiter(":").formatHex(mac);
    }
}
