// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.Link;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.fuse.host.HostPicture.ShownAlias;
import org.opdbus.verticles.fuse.host.HostPicture.ShownGuest;
import org.opdbus.verticles.fuse.host.HostPicture.ShownGuestLink;
import org.opdbus.verticles.view.ProxmoxPicture;

/**
 * Keeps the aliases: the alternative names of links that are interfaces of Open vSwitch, and the number of each guest of Proxmox,
 * which leads to its first link and counts before an alternative name. For one thread.
 */
final class AliasesPart {
    private final Map<Integer, Link> links = new HashMap<>();
    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<String, Integer> byAltName = new HashMap<>();
    private int lastNumber;

    /** Takes a change of a link, and returns the aliases that it may concern. */
    Set<String> link(int index, Optional<Link> now) {
        Set<String> touched = new TreeSet<>();
        Link before = links.remove(index);
        if (before != null) {
            byName.remove(before.name().value(), index);
            before.altNames().forEach(name -> byAltName.remove(name, index));
            touched.addAll(before.altNames());
        }
        now.ifPresent(link -> {
            links.put(index, link);
            byName.put(link.name().value(), index);
            link.altNames().forEach(name -> byAltName.put(name, index));
            touched.addAll(link.altNames());
        });
        return touched;
    }

    /** Returns the aliases of the links with these names. */
    Set<String> ofLinks(Collection<String> names) {
        Set<String> touched = new TreeSet<>();
        for (String name : names) {
            Link link = links.get(byName.getOrDefault(name, -1));
            if (link != null) {
                touched.addAll(link.altNames());
            }
            ProxmoxPicture.guestOf(name).ifPresent(touched::add);
        }
        return touched;
    }

    HostPicture refresh(HostPicture picture, Collection<String> aliases, Instant now) {
        HostPicture result = picture;
        for (String alias : aliases) {
            result = refresh(result, alias, now);
        }
        return result;
    }

    private HostPicture refresh(HostPicture picture, String alias, Instant now) {
        Optional<ShownAlias> before = picture.aliases().get(alias);
        Optional<String> target = target(picture, alias);
        if (target.equals(before.map(ShownAlias::uuid))) {
            return picture;
        }
        if (target.isEmpty()) {
            return picture.withAliases(picture.aliases().without(alias)).at(FixedNode.ALIASES, now);
        }
        int number = before.map(ShownAlias::number).orElseGet(() -> ++lastNumber);
        HostPicture changed =
                picture.withAliases(picture.aliases().with(alias, new ShownAlias(number, target.get(), now)));
        return before.isPresent() ? changed : changed.at(FixedNode.ALIASES, now);
    }

    private Optional<String> target(HostPicture picture, String alias) {
        Optional<ShownGuest> guest = picture.guests().get(alias);
        if (guest.isPresent()) {
            return guest.get().links().values().stream().findFirst().map(ShownGuestLink::uuid);
        }
        return Optional.ofNullable(byAltName.get(alias))
                .flatMap(index -> Optional.ofNullable(links.get(index)))
                .flatMap(link ->
                        picture.table(ShownTable.INTERFACES).named(link.name().value()))
                .map(StoredRow::uuid);
    }
}
