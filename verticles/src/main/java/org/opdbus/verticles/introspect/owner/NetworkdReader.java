// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.opdbus.events.Link;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.KeyValues;

/**
 * systemd-networkd, from the state file that it writes for each link, {@code /run/systemd/netif/links/INDEX}. The states are
 * those of networkctl(1). A link that is unmanaged, or for which networkd has not yet looked for a file, is not its own.
 */
final class NetworkdReader extends FileReader {
    private static final String FOLDER = "/run/systemd/netif/links";
    private static final Set<String> OWNED = Set.of("configuring", "configured", "failed");

    private final HostFiles files;

    NetworkdReader(HostFiles files) {
        super("systemd-networkd");
        this.files = files;
    }

    @Override
    Findings look(HostLinks host) throws IOException {
        Set<String> present = Set.copyOf(files.names(FOLDER));
        Gathered found = new Gathered();
        for (Link link : host.links()) {
            String index = Integer.toString(link.index());
            if (present.contains(index)) {
                found.attempt(() -> look(link, FOLDER + "/" + index, found));
            }
        }
        return found.findings();
    }

    private void look(Link link, String file, Gathered found) throws IOException {
        Map<String, String> state = KeyValues.parse(files.text(file).orElse(""));
        String admin = state.getOrDefault("ADMIN_STATE", "");
        String network = state.getOrDefault("NETWORK_FILE", "");
        if (OWNED.contains(admin) && !network.isEmpty()) {
            found.claim(new Claim(
                    link.name().value(),
                    Owner.NETWORKD,
                    network.substring(network.lastIndexOf('/') + 1) + ", " + admin,
                    network));
        }
    }
}
