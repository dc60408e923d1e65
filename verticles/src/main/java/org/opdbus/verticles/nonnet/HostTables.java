// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.KnownLab;

/**
 * Translates changes of the inventory into rows of {@link Tables}. It has no state of its own: a change from the empty inventory
 * makes every row. For one thread only.
 */
final class HostTables {
    private final Tables tables;
    private final PeerRows peers;

    HostTables(Tables tables, PeerRows peers) {
        this.tables = tables;
        this.peers = peers;
    }

    /** Updates the rows to the inventory after this change. */
    void apply(InventoryChange change) {
        Inventory now = change.after();
        String self = now.host().name();
        if (change.isOfHost()) {
            tables.put(Schema.HOST, self, RowValues.of(now.host()));
        }
        change.links()
                .forEach(index -> put(
                        Schema.LINK,
                        Integer.toString(index),
                        now.links().get(index).map(RowValues::of)));
        // The row's key is Open vSwitch's own identifier, because a port and its replacement of the same name exist
        // side by side for a while.
        change.ports()
                .forEach(uuid -> put(Schema.PORT, uuid, now.ports().get(uuid).map(RowValues::of)));
        change.bridges()
                .forEach(
                        name -> put(Schema.BRIDGE, name, now.bridges().get(name).map(RowValues::of)));
        change.enrollments()
                .forEach(id ->
                        put(Schema.ENROLLMENT, id, now.enrollments().get(id).map(RowValues::of)));
        change.containers()
                .forEach(id -> put(
                        Schema.of(id.kind()),
                        id.value(),
                        now.containers().get(id).map(container -> RowValues.of(container, self))));
        change.labs()
                .forEach(name ->
                        lab(name, change.before().labs().get(name), now.labs().get(name)));
        // A peer that claims this host's name does not replace what this host knows of itself.
        change.peers().stream()
                .filter(host -> !host.equals(self))
                .forEach(host -> peers.change(
                        host, change.before().peers().get(host), now.peers().get(host)));
    }

    private void lab(String name, Optional<KnownLab> before, Optional<KnownLab> after) {
        put(Schema.LAB, name, after.map(RowValues::of));
        replace(Schema.LAN, lans(before), lans(after));
        replace(Schema.ENDPOINT, endpoints(before), endpoints(after));
    }

    private static Map<String, Map<String, Datum>> lans(Optional<KnownLab> lab) {
        Map<String, Map<String, Datum>> rows = new LinkedHashMap<>();
        lab.ifPresent(known ->
                known.lans().forEach(lan -> rows.put(key(known.name(), lan.name()), RowValues.of(known.name(), lan))));
        return rows;
    }

    private static Map<String, Map<String, Datum>> endpoints(Optional<KnownLab> lab) {
        Map<String, Map<String, Datum>> rows = new LinkedHashMap<>();
        lab.ifPresent(known -> known.endpoints()
                .forEach(each -> rows.put(key(known.name(), each.port()), RowValues.of(known.name(), each))));
        return rows;
    }

    /** Two labs may have LANs and endpoints of one name; no name contains this character. */
    private static String key(String lab, String name) {
        return lab + '\0' + name;
    }

    private void replace(
            TableSchema table, Map<String, Map<String, Datum>> before, Map<String, Map<String, Datum>> after) {
        before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(key -> tables.delete(table, key));
        after.forEach((key, values) -> tables.put(table, key, values));
    }

    private void put(TableSchema table, String key, Optional<Map<String, Datum>> row) {
        row.ifPresentOrElse(values -> tables.put(table, key, values), () -> tables.delete(table, key));
    }
}
