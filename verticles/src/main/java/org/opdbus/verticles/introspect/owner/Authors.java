// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.util.List;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.InterfacesIncludes;

/**
 * The authors of configurations that other programs carry out: netplan, and Proxmox VE for {@code /etc/network/interfaces}. They
 * are found from the claims of those programs, so they own no link that those programs do not. Reads files.
 */
final class Authors {
    private static final String PROXMOX = "/usr/share/perl5/PVE/INotify.pm";
    /** Written by Proxmox's software-defined network. */
    private static final String SDN = "/etc/network/interfaces.d/sdn";

    private final HostFiles files;
    private final NetplanFiles netplan;

    Authors(HostFiles files) {
        this.files = files;
        netplan = new NetplanFiles(files);
    }

    /** Returns the claims of the authors alone. */
    Findings of(List<Claim> claims) {
        Gathered found = new Gathered();
        boolean isProxmox = files.exists(PROXMOX);
        for (Claim claim : claims) {
            switch (claim.owner()) {
                case IFUPDOWN -> {
                    if (isProxmox && isOfProxmox(claim.evidence())) {
                        found.claim(new Claim(claim.link(), Owner.PROXMOX, claim.what(), claim.evidence()));
                    }
                }
                case NETWORKD, NETWORK_MANAGER ->
                    found.attempt(() -> netplan.author(claim).ifPresent(found::claim));
                default -> {
                    // They are authors themselves.
                }
            }
        }
        return found.findings();
    }

    private static boolean isOfProxmox(String place) {
        return place.startsWith(InterfacesIncludes.MAIN + ":") || place.startsWith(SDN + ":");
    }
}
