// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A kernel link of the agent's own network namespace, as rtnetlink(7) shows it.
 *
 * @param index the link's number; the index identifies the link, never the name
 * @param name the link's present name
 * @param altNames its alternative names (IFLA_ALT_IFNAME), in the kernel's order
 * @param kind the kind of the link ({@code veth}, {@code bridge}, {@code openvswitch}, …); empty
 * for hardware and loopback
 * @param mac its hardware address in lower case, {@code aa:bb:cc:dd:ee:ff}
 * @param peerIndex for a veth the index of its other end (IFLA_LINK), otherwise 0
 * @param peerNamespace the id (IFLA_LINK_NETNSID) of the namespace that holds the other end; {@link
 * #NO_NAMESPACE} if that is this namespace
 * @param master the index of the link that this one is enslaved to (IFLA_MASTER), or 0
 * @param up whether it is administratively up (IFF_UP)
 * @param carrier whether it can carry packets (IFF_LOWER_UP)
 */
public record Link(
        int index,
        LinkName name,
        List<String> altNames,
        String kind,
        Optional<String> mac,
        int peerIndex,
        int peerNamespace,
        int master,
        boolean up,
        boolean carrier) {
    /** The value for a link whose other end is in no other namespace. */
    public static final int NO_NAMESPACE = -1;

    public Link {
        if (index <= 0) {
            throw new IllegalArgumentException("link " + name + " has index " + index);
        }
        altNames = List.copyOf(altNames);
    }

    /** Returns whether this is one end of a veth pair whose other end is in another namespace. */
    public boolean isVethIntoNamespace() {
        return kind.equals("veth") && peerNamespace != NO_NAMESPACE;
    }

    /** Returns the same link under another name. */
    public Link withName(LinkName other) {
        return with(other, altNames, up);
    }

    /** Returns the same link with one more alternative name. */
    public Link withAltName(String more) {
        return with(
                name,
                Stream.concat(altNames.stream(), Stream.of(more)).distinct().toList(),
                up);
    }

    /** Returns the same link, administratively up. */
    public Link withUp() {
        return with(name, altNames, true);
    }

    private Link with(LinkName newName, List<String> newAltNames, boolean newUp) {
        return new Link(index, newName, newAltNames, kind, mac, peerIndex, peerNamespace, master, newUp, carrier);
    }

    /** Returns whether this is the link's name or one of its alternative names. */
    public boolean answersTo(String wanted) {
        return name.value().equals(wanted) || altNames.contains(wanted);
    }

    /**
     * The container's end of a link, as it was found in the container's namespace when the link was prepared.
     *
     * @param name its name there
     * @param mac its hardware address: the one that the bridge sees
     * @param checksumsFinished whether it hands over packets with finished checksums, so that a bridge of the userspace
     *     datapath can forward TCP and UDP
     */
    public record Inner(LinkName name, String mac, boolean checksumsFinished) {
        /** Returns the same link, known to finish its checksums. */
        public Inner withChecksumsFinished() {
            return new Inner(name, mac, true);
        }
    }

    // The comparison that a record has by itself calls a method handle for each component. Where Java uses only its
    // first
    // compiler, as in the agent, that takes ten times as long. Every message about a link is compared with what is
    // known.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Link link
                        && index == link.index
                        && peerIndex == link.peerIndex
                        && peerNamespace == link.peerNamespace
                        && master == link.master
                        && up == link.up
                        && carrier == link.carrier
                        && name.equals(link.name)
                        && kind.equals(link.kind)
                        && mac.equals(link.mac)
                        && altNames.equals(link.altNames));
    }

    @Override
    public int hashCode() {
        return index;
    }
}
