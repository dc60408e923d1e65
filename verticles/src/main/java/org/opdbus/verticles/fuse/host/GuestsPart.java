// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.Printable;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.fuse.host.HostPicture.ShownGuest;
import org.opdbus.verticles.fuse.host.HostPicture.ShownGuestLink;
import org.opdbus.verticles.view.ProxmoxPicture;

/**
 * Keeps the guests of Proxmox: containers and virtual machines with a link whose name Proxmox gave it, if Open vSwitch has that
 * link. The names are those of PVE::LXC, PVE::QemuServer and PVE::Network. For one thread.
 */
final class GuestsPart {
    private static final Pattern DEVICE = Pattern.compile(".*[io]([0-9]{1,2})");

    /** First network device first; of one device, the port that carries its packets. */
    private static final Comparator<String> BY_DEVICE =
            Comparator.comparingInt(GuestsPart::device).thenComparing(Comparator.naturalOrder());

    private final Map<String, String> bridgeOfPort = new HashMap<>();
    private int lastNumber;

    private static int device(String link) {
        Matcher name = DEVICE.matcher(link);
        return name.matches() ? Integer.parseInt(name.group(1)) : Integer.MAX_VALUE;
    }

    /** Takes the name of the bridge that has a port now; null if none has it. */
    void bridge(String port, @Nullable String bridge) {
        if (bridge == null) {
            bridgeOfPort.remove(port);
        } else {
            bridgeOfPort.put(port, bridge);
        }
    }

    Optional<String> bridge(String port) {
        return Optional.ofNullable(bridgeOfPort.get(port));
    }

    /** Looks again at the links with these names, which may be anybody's. */
    HostPicture refresh(HostPicture picture, Collection<String> names, Instant now) {
        HostPicture result = picture;
        for (String name : names) {
            Optional<String> vmid = ProxmoxPicture.guestOf(name);
            if (vmid.isPresent()) {
                result = refresh(result, vmid.get(), name, now);
            }
        }
        return result;
    }

    private HostPicture refresh(HostPicture picture, String vmid, String name, Instant now) {
        Optional<ShownGuest> before = picture.guests().get(vmid);
        SortedMap<String, ShownGuestLink> links = new TreeMap<>(BY_DEVICE);
        before.ifPresent(guest -> links.putAll(guest.links()));
        Optional<ShownGuestLink> old = Optional.ofNullable(links.remove(name));
        Optional<ShownGuestLink> link = picture.table(ShownTable.INTERFACES)
                .named(name)
                .map(row -> same(old, new ShownGuestLink(row.serial(), row.uuid(), conf(picture, vmid, row), now)));
        if (link.equals(old)) {
            return picture;
        }
        link.ifPresent(there -> links.put(name, there));
        if (links.isEmpty()) {
            return picture.withGuests(picture.guests().without(vmid)).at(FixedNode.PROXMOX, now);
        }
        Instant modified = before.isPresent() && link.isPresent() == old.isPresent()
                ? before.get().modified()
                : now;
        int number = before.map(ShownGuest::number).orElseGet(() -> ++lastNumber);
        HostPicture changed = picture.withGuests(picture.guests().with(vmid, new ShownGuest(number, links, modified)));
        return before.isPresent() ? changed : changed.at(FixedNode.PROXMOX, now);
    }

    private static ShownGuestLink same(Optional<ShownGuestLink> old, ShownGuestLink link) {
        return old.filter(
                        known -> known.serial() == link.serial() && known.conf().equals(link.conf()))
                .orElse(link);
    }

    private String conf(HostPicture picture, String vmid, StoredRow row) {
        String name = row.name().orElse("");
        Optional<StoredRow> port = picture.table(ShownTable.PORTS).named(name);
        StringBuilder conf = new StringBuilder("[interface." + name + "]\n");
        add(conf, "vmid", Optional.of(vmid));
        add(
                conf,
                "type",
                Optional.of(name.startsWith("tap") ? "vm" : name.startsWith("veth") ? "container" : "firewall"));
        add(conf, "bridge", port.flatMap(known -> bridge(known.uuid())));
        add(conf, "tag", port.flatMap(known -> set(known, "tag")));
        add(conf, "trunks", port.flatMap(known -> set(known, "trunks")));
        add(conf, "vlan_mode", port.flatMap(known -> set(known, "vlan_mode")));
        add(conf, "ovs-interface", Optional.of(row.uuid()));
        return conf.toString();
    }

    /** The value of a set in one line, without brackets and quotes. */
    private static Optional<String> set(StoredRow row, String column) {
        return row.value(column)
                .map(StoredValue::text)
                .map(text -> text.replaceAll("[\\[\\]\"]", ""))
                .filter(text -> !text.isEmpty());
    }

    private static void add(StringBuilder conf, String key, Optional<String> value) {
        value.ifPresent(text ->
                conf.append(key).append(" = ").append(Printable.of(text)).append('\n'));
    }
}
