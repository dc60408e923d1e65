// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Destination;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Gone;
import org.opdbus.verticles.kernel.netlink.LinkMessage.NamespaceForgotten;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Present;

/**
 * The links that the kernel has reported, by index. It turns each message into events.
 *
 * <p>The kernel announces only one end of a veth pair when that end is made or moves (seen on Linux
 * 6.18). The record of the other end changes as well, so it is corrected here. For one thread. The
 * cost of a message does not depend on the number of links.
 */
final class LinkTable {
    private final Map<Integer, Link> links = new HashMap<>();
    /** The indices of the links whose other end is in a namespace, by the namespace's id. */
    private final Map<Integer, Set<Integer>> intoNamespace = new HashMap<>();

    int size() {
        return links.size();
    }

    /** Returns the events of a message, given the known links; none if it contains nothing new. */
    List<LinkEvent> apply(LinkMessage message) {
        List<LinkEvent> events = new ArrayList<>();
        if (message instanceof Present present) {
            Link link = keepPeer(present.link());
            put(link, events);
            meetPeer(link, events);
        } else if (message instanceof Gone gone) {
            Optional<Link> removed = remove(gone.index(), events);
            if (removed.isPresent() && gone.destination().isPresent()) {
                followPeer(removed.get(), gone.destination().get(), events);
            }
        } else if (message instanceof NamespaceForgotten forgotten) {
            forget(forgotten.namespace(), events);
        }
        return events;
    }

    /**
     * Applies a full listing. The events are the differences; events about links that no longer
     * exist come first.
     */
    List<LinkEvent> reconcile(List<Link> listing) {
        List<LinkEvent> events = new ArrayList<>();
        Set<Integer> gone = new LinkedHashSet<>(links.keySet());
        listing.forEach(link -> gone.remove(link.index()));
        gone.forEach(index -> remove(index, events));
        listing.forEach(link -> put(link, events));
        return events;
    }

    private void put(Link link, List<LinkEvent> events) {
        Link before = links.put(link.index(), link);
        if (link.equals(before)) {
            return;
        }
        if (before != null) {
            unindex(before);
        }
        if (link.isVethIntoNamespace()) {
            intoNamespace
                    .computeIfAbsent(link.peerNamespace(), id -> new HashSet<>())
                    .add(link.index());
        }
        events.add(before == null ? new LinkAppeared(link) : new LinkChanged(before, link));
    }

    private Optional<Link> remove(int index, List<LinkEvent> events) {
        Link link = links.remove(index);
        if (link == null) {
            return Optional.empty();
        }
        unindex(link);
        events.add(new LinkVanished(link));
        return Optional.of(link);
    }

    private void unindex(Link link) {
        Set<Integer> indices = intoNamespace.get(link.peerNamespace());
        if (indices != null && indices.remove(link.index()) && indices.isEmpty()) {
            intoNamespace.remove(link.peerNamespace());
        }
    }

    /**
     * The last message about a veth that is being deleted does not name its other end. A veth never
     * loses that end otherwise, so the known value stays, and the receiver of LinkVanished still
     * learns what the other end was.
     */
    private Link keepPeer(Link link) {
        Link before = links.get(link.index());
        return link.kind().equals("veth") && link.peerIndex() == 0 && before != null
                ? withPeer(link, before.peerIndex(), before.peerNamespace())
                : link;
    }

    /** A veth whose other end is here as well: sets this link as the other end of that one. */
    private void meetPeer(Link link, List<LinkEvent> events) {
        if (link.kind().equals("veth") && link.peerNamespace() == Link.NO_NAMESPACE) {
            Link peer = links.get(link.peerIndex());
            if (peer != null && peer.kind().equals("veth")) {
                put(withPeer(peer, link.index(), Link.NO_NAMESPACE), events);
            }
        }
    }

    /** One end has moved to another namespace: the end that stays now refers to that namespace. */
    private void followPeer(Link moved, Destination destination, List<LinkEvent> events) {
        Link peer = moved.peerNamespace() == Link.NO_NAMESPACE ? links.get(moved.peerIndex()) : null;
        if (peer != null && peer.kind().equals("veth") && moved.kind().equals("veth")) {
            put(withPeer(peer, destination.index(), destination.namespace()), events);
        }
    }

    /**
     * A namespace is ending, and another namespace may get its id a moment later. The links whose
     * other end is in it end too, but some time afterwards. Until then they must not be taken for
     * links of the id's next holder.
     */
    private void forget(int namespace, List<LinkEvent> events) {
        for (int index : List.copyOf(intoNamespace.getOrDefault(namespace, Set.of()))) {
            Link link = links.get(index);
            if (link != null) {
                put(withPeer(link, 0, Link.NO_NAMESPACE), events);
            }
        }
    }

    private static Link withPeer(Link link, int peerIndex, int peerNamespace) {
        return new Link(
                link.index(),
                link.name(),
                link.altNames(),
                link.kind(),
                link.mac(),
                peerIndex,
                peerNamespace,
                link.master(),
                link.up(),
                link.carrier());
    }
}
