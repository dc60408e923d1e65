// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.KeyValues;

/**
 * The links of running containers and virtual machines, which the caller knows; and of LXC the bridge of lxc-net ({@code /etc/default/lxc-net}),
 * which exists while {@code /run/lxc/network_up} does.
 */
final class ContainerReader extends FileReader {
    private static final String NETWORK_UP = "/run/lxc/network_up";
    private static final String DEFAULT_BRIDGE = "lxcbr0";

    private final HostFiles files;

    ContainerReader(HostFiles files) {
        super("LXC");
        this.files = files;
    }

    @Override
    Findings look(HostLinks host) throws IOException {
        Gathered found = new Gathered();
        host.links().forEach(link -> {
            var container = host.containers().get(link.index());
            if (container != null) {
                found.claim(claim(link.name().value(), container));
            }
        });
        if (files.exists(NETWORK_UP)) {
            found.attempt(() -> {
                String bridge = bridge();
                if (host.byName().containsKey(bridge)) {
                    found.claim(new Claim(bridge, Owner.LXC, "the bridge of lxc-net", NETWORK_UP));
                }
            });
        }
        return found.findings();
    }

    private static Claim claim(String link, ContainerId container) {
        boolean isMachine = container.kind() == Kind.VM;
        String what = (isMachine ? "virtual machine " : "container ") + container;
        return new Claim(
                link,
                Owner.of(container.kind()),
                what,
                isMachine ? "it is a tap of " + what : "its other end is in the network namespace of " + what);
    }

    /** The script of lxc-net reads these files in this order, as a shell. */
    private String bridge() throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (String file : new String[] {"/etc/default/lxc", "/etc/default/lxc-net"}) {
            files.text(file).ifPresent(text -> settings.putAll(KeyValues.parse(text)));
        }
        return settings.getOrDefault("LXC_BRIDGE", DEFAULT_BRIDGE);
    }
}
