// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.opdbus.events.ContainerId;
import org.opdbus.ledger.Printable;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.fuse.host.HostPicture.ShownContainer;
import org.opdbus.verticles.fuse.host.HostPicture.ShownLink;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.KnownContainer;

/** Keeps the containers, in the words of {@code query}. For one thread. */
final class ContainersPart {
    private static final String KERNEL_LINKS = "/sys/class/net/";

    private final Map<String, KnownContainer> known = new HashMap<>();
    private final Map<String, String> containerOfLink = new HashMap<>();
    private int lastNumber;

    HostPicture changed(HostPicture picture, ContainerId id, Optional<KnownContainer> now, Instant time) {
        KnownContainer before = known.remove(id.value());
        if (before != null) {
            before.status().links().forEach(link -> containerOfLink.remove(link.name(), id.value()));
        }
        if (now.isEmpty()) {
            return picture.withContainers(picture.containers().without(id.value()))
                    .at(FixedNode.CONTAINERS, time);
        }
        known.put(id.value(), now.get());
        now.get().status().links().forEach(link -> containerOfLink.put(link.name(), id.value()));
        return shown(picture, now.get(), time);
    }

    /** Looks again at the containers whose links have these names. */
    HostPicture refresh(HostPicture picture, Collection<String> links, Instant now) {
        Set<String> touched = new TreeSet<>();
        for (String link : links) {
            Optional.ofNullable(containerOfLink.get(link)).ifPresent(touched::add);
        }
        HostPicture result = picture;
        for (String id : touched) {
            KnownContainer container = known.get(id);
            result = container == null ? result : shown(result, container, now);
        }
        return result;
    }

    private HostPicture shown(HostPicture picture, KnownContainer container, Instant now) {
        String id = container.id().value();
        Optional<ShownContainer> before = picture.containers().get(id);
        List<String> texts = List.of(
                Printable.of(container.state()),
                Printable.of(container.reason()),
                Printable.of(container.veth()),
                Printable.of(container.bridge()),
                container.kind().name().toLowerCase(Locale.ROOT),
                Printable.of(container.name()));
        SortedMap<String, ShownLink> links = links(picture, container, before, now);
        ShownContainer changed = new ShownContainer(
                before.map(ShownContainer::number).orElseGet(() -> ++lastNumber),
                texts,
                times(texts, before, container.since(), now),
                links,
                before.filter(old -> old.links().keySet().equals(links.keySet()))
                        .map(ShownContainer::linksModified)
                        .orElse(now));
        HostPicture result = picture.withContainers(picture.containers().with(id, changed));
        return before.isPresent() ? result : result.at(FixedNode.CONTAINERS, now);
    }

    private static List<Instant> times(
            List<String> texts, Optional<ShownContainer> before, Instant since, Instant now) {
        List<Instant> times = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            boolean isSame = before.isPresent() && before.get().texts().get(i).equals(texts.get(i));
            times.add(isSame ? before.get().times().get(i) : i == 0 ? since : now);
        }
        return times;
    }

    private static SortedMap<String, ShownLink> links(
            HostPicture picture, KnownContainer container, Optional<ShownContainer> before, Instant now) {
        SortedMap<String, ShownLink> links = new TreeMap<>();
        for (LinkStatus link : container.status().links()) {
            String target = picture.table(ShownTable.INTERFACES)
                    .named(link.name())
                    .map(StoredRow::uuid)
                    .map(uuid -> "../../../by-uuid/" + ShownTable.INTERFACES.folder + "/" + uuid)
                    .orElse(KERNEL_LINKS + link.name());
            ShownLink made = new ShownLink(link.index(), target, now);
            links.put(
                    link.name(),
                    before.flatMap(old -> Optional.ofNullable(old.links().get(link.name())))
                            .filter(old ->
                                    old.index() == made.index() && old.target().equals(made.target()))
                            .orElse(made));
        }
        return links;
    }
}
