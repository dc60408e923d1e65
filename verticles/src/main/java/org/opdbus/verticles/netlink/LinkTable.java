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
import org.opdbus.verticles.kernel.LinkMessage;
import org.opdbus.verticles.kernel.LinkMessage.Destination;
import org.opdbus.verticles.kernel.LinkMessage.Gone;
import org.opdbus.verticles.kernel.LinkMessage.NamespaceForgotten;
import org.opdbus.verticles.kernel.LinkMessage.Present;

/**
 * The links as the kernel has told of them, by index: folds each message into the events that it means.
 *
 * <p>The kernel announces only one end of a veth pair when that end is made or moves (seen on Linux 6.18): the record of
 * the other end, which changes as well, is put right here. For one thread. Each message costs the same, however many
 * links there are.
 */
final class LinkTable {
    private final Map<Integer, Link> links = new HashMap<>();
    /** The indices of the links whose other end is in a namespace, by the namespace's id. */
    private final Map<Integer, Set<Integer>> intoNamespace = new HashMap<>();

    int size() {
        return links.size();
    }

    /** What a message means, given what was known; nothing if it says nothing new. */
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

    /** Takes over a full listing; the events are the differences, those about links that are gone first. */
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
     * The last words about a veth that is being deleted know nothing of its other end. A veth never loses that end
     * otherwise, so what was known stays, and who hears that it vanished still learns where it led.
     */
    private Link keepPeer(Link link) {
        Link before = links.get(link.index());
        return link.kind().equals("veth") && link.peerIndex() == 0 && before != null
                ? withPeer(link, before.peerIndex(), before.peerNamespace())
                : link;
    }

    /** A veth whose other end is here as well: that other end's other end is this one. */
    private void meetPeer(Link link, List<LinkEvent> events) {
        if (link.kind().equals("veth") && link.peerNamespace() == Link.NO_NAMESPACE) {
            Link peer = links.get(link.peerIndex());
            if (peer != null && peer.kind().equals("veth")) {
                put(withPeer(peer, link.index(), Link.NO_NAMESPACE), events);
            }
        }
    }

    /** One end has moved to another namespace: the end that stays leads there now. */
    private void followPeer(Link moved, Destination destination, List<LinkEvent> events) {
        Link peer = moved.peerNamespace() == Link.NO_NAMESPACE ? links.get(moved.peerIndex()) : null;
        if (peer != null && peer.kind().equals("veth") && moved.kind().equals("veth")) {
            put(withPeer(peer, destination.index(), destination.namespace()), events);
        }
    }

    /**
     * A namespace is ending, and its id may be another one's a moment later. Links that lead there end too, but only
     * some time afterwards; until then they must not be taken for the links of the id's next holder.
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
