// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.edges.rows.RowsChange;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.edges.rows.TableRows;
import org.opdbus.verticles.inventory.InventoryChange;

/** Folds the changes of the sources into pictures. Its work depends on what has changed. For one thread. */
final class PictureFold {
    private static final String BRIDGE_PORTS = "ports";

    private final GuestsPart guests = new GuestsPart();
    private final AliasesPart aliases = new AliasesPart();
    private final ContainersPart containers = new ContainersPart();
    private HostPicture picture;

    PictureFold(HostPicture picture) {
        this.picture = picture;
    }

    HostPicture picture() {
        return picture;
    }

    /** Takes the next change of the rows. */
    void apply(RowsChange change, Instant now) {
        HostPicture next = picture.withRows(change.after());
        if (change.isOfStanding()) {
            next = next.at(FixedNode.ROOT, now);
        }
        Set<String> links = new TreeSet<>();
        for (ShownTable shown : ShownTable.values()) {
            TableRows before = change.before().table(shown.table);
            TableRows after = change.after().table(shown.table);
            if (!after.membersChangedSince(before).isEmpty()) {
                next = next.at(shown.rowsFolder(), now);
            }
            Collection<String> names = after.namesChangedSince(before);
            if (!names.isEmpty()) {
                next = next.at(shown.namesFolder(), now);
            }
            links.addAll(
                    switch (shown) {
                        case BRIDGES -> movedPorts(before, after, change.after().table(ShownTable.PORTS.table));
                        case PORTS -> changedPorts(before, after);
                        case INTERFACES -> names;
                        case MIRRORS -> Set.of();
                    });
        }
        next = guests.refresh(next, links, now);
        next = aliases.refresh(next, aliases.ofLinks(links), now);
        picture = containers.refresh(next, links, now);
    }

    /** Takes the next change of the inventory. */
    void apply(InventoryChange change, Instant now) {
        HostPicture next = picture;
        if (change.isOfHost()) {
            next = next.withLedger(change.after().host().ledger());
        }
        for (int index : change.links()) {
            Set<String> touched = aliases.link(index, change.after().links().get(index));
            next = aliases.refresh(next, touched, now);
        }
        for (ContainerId id : change.containers()) {
            next = containers.changed(next, id, change.after().containers().get(id), now);
        }
        picture = next;
    }

    private static Set<String> changedPorts(TableRows before, TableRows after) {
        Set<String> names = new HashSet<>();
        for (String uuid : after.changedSince(before)) {
            before.row(uuid).flatMap(StoredRow::name).ifPresent(names::add);
            after.row(uuid).flatMap(StoredRow::name).ifPresent(names::add);
        }
        return names;
    }

    /** Takes over which ports the changed bridges have, and returns the names of the ports whose bridge is another one. */
    private Set<String> movedPorts(TableRows before, TableRows after, TableRows ports) {
        Set<String> names = new HashSet<>();
        for (String uuid : after.changedSince(before)) {
            if (before.row(uuid)
                    .flatMap(row -> row.value(BRIDGE_PORTS))
                    .equals(after.row(uuid).flatMap(row -> row.value(BRIDGE_PORTS)))) {
                continue;
            }
            Set<String> gone = members(before.row(uuid));
            Set<String> there = members(after.row(uuid));
            String bridge = after.row(uuid).flatMap(StoredRow::name).orElse("");
            gone.removeAll(there);
            for (String port : gone) {
                if (guests.bridge(port).equals(before.row(uuid).flatMap(StoredRow::name))) {
                    guests.bridge(port, null);
                    ports.row(port).flatMap(StoredRow::name).ifPresent(names::add);
                }
            }
            for (String port : there) {
                if (!guests.bridge(port).equals(Optional.of(bridge))) {
                    guests.bridge(port, bridge);
                    ports.row(port).flatMap(StoredRow::name).ifPresent(names::add);
                }
            }
        }
        return names;
    }

    private static Set<String> members(Optional<StoredRow> bridge) {
        Set<String> ports = new HashSet<>();
        Object value = bridge.flatMap(row -> row.value(BRIDGE_PORTS))
                .map(StoredValue::value)
                .orElse("");
        if (value instanceof JsonArray array) {
            array.forEach(port -> ports.add(String.valueOf(port)));
        } else {
            ports.add(String.valueOf(value));
        }
        return ports;
    }
}
