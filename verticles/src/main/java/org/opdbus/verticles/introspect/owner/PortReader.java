// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.view.PortOwner;

/**
 * Open vSwitch: this agent's marks on a port, and those that libvirt and OpenStack leave on an interface. A port without marks
 * is nobody's, whatever its name. The agent's own interfaces have keys of libvirt's, so its mark on the port comes first.
 */
final class PortReader extends FileReader {
    PortReader() {
        super("Open vSwitch");
    }

    @Override
    Findings look(HostLinks host) {
        Gathered found = new Gathered();
        Map<String, Link> links = host.byName();
        host.ports().stream()
                .filter(port -> links.containsKey(port.name()))
                .forEach(port -> claim(port, host.interfaceIds().getOrDefault(port.name(), Map.of()))
                        .ifPresent(found::claim));
        return found.findings();
    }

    private static Optional<Claim> claim(Port port, Map<String, String> ids) {
        String host = port.externalIds().get(PortOwner.OWNER);
        if (host != null) {
            return PortOwner.of(port, host)
                    .map(owner -> new Claim(
                            port.name(),
                            Owner.US,
                            "port of container " + owner.container() + " on " + port.bridge(),
                            "Open vSwitch, Port " + port.uuid() + ": " + PortOwner.OWNER + "=" + host));
        }
        if (ids.containsKey("vm-uuid")) {
            return Optional.of(machine(port, Owner.OPENSTACK, "vm-uuid", ids.get("vm-uuid")));
        }
        return ids.containsKey("vm-id") && ids.containsKey("attached-mac")
                ? Optional.of(machine(port, Owner.LIBVIRT, "vm-id", ids.get("vm-id")))
                : Optional.empty();
    }

    private static Claim machine(Port port, Owner owner, String key, String id) {
        return new Claim(
                port.name(),
                owner,
                "virtual machine " + id + " on " + port.bridge(),
                "Open vSwitch, Interface " + port.name() + ": " + key + "=" + id);
    }
}
