// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.events.Link;
import org.opdbus.verticles.driver.pct.PctConfigText;
import org.opdbus.verticles.files.HostFiles;

/**
 * The links of Proxmox VE's guests: those with a name that PVE::Network gives, of a guest with a configuration on this node that
 * has such a device. The name alone is no evidence.
 */
final class ProxmoxReader extends FileReader {
    /** fwbr, fwpr and fwln stand between the guest and its bridge when the firewall is on; with Open vSwitch, fwln…o…. */
    private static final Pattern LINK = Pattern.compile("(veth|tap|fwbr|fwpr|fwln)([1-9][0-9]{2,8})[iop]([0-9]{1,2})");

    private static final List<String> FOLDERS = List.of("/etc/pve/lxc/", "/etc/pve/qemu-server/");

    private final HostFiles files;

    ProxmoxReader(HostFiles files) {
        super("Proxmox");
        this.files = files;
    }

    /** A guest with its configuration. */
    private record Guest(String file, PctConfigText config) {}

    @Override
    Findings look(HostLinks host) {
        Gathered found = new Gathered();
        Map<String, Optional<Guest>> guests = new HashMap<>();
        for (Link link : host.links()) {
            Matcher matcher = LINK.matcher(link.name().value());
            if (matcher.matches()) {
                String vmid = matcher.group(2);
                found.attempt(() -> {
                    if (!guests.containsKey(vmid)) {
                        // A file that cannot be read is told once.
                        guests.put(vmid, Optional.empty());
                        guests.put(vmid, guest(vmid));
                    }
                    guests.getOrDefault(vmid, Optional.empty())
                            .flatMap(guest -> claim(link, guest, vmid, "net" + matcher.group(3)))
                            .ifPresent(found::claim);
                });
            }
        }
        return found.findings();
    }

    private Optional<Guest> guest(String vmid) throws IOException {
        for (String folder : FOLDERS) {
            String file = folder + vmid + ".conf";
            Optional<String> text = files.text(file);
            if (text.isPresent()) {
                return text.map(PctConfigText::of).map(config -> new Guest(file, config));
            }
        }
        return Optional.empty();
    }

    private static Optional<Claim> claim(Link link, Guest guest, String vmid, String device) {
        String kind = guest.file().startsWith(FOLDERS.get(0)) ? "container " : "virtual machine ";
        return guest.config()
                .value(device)
                .map(value ->
                        new Claim(link.name().value(), Owner.PROXMOX, device + " of " + kind + vmid, guest.file()));
    }
}
