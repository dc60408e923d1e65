// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import java.util.Optional;

/**
 * The edges through which the handlers act.
 *
 * @param configurations reads Proxmox's configuration anew; empty if no facts of Proxmox's are to be expected
 */
public record Edges(
        LinkWork links, PortWork ports, ContainerCheck containers, Optional<ConfigurationCheck> configurations) {
    /** Edges of a host without Proxmox. */
    public Edges(LinkWork links, PortWork ports, ContainerCheck containers) {
        this(links, ports, containers, Optional.empty());
    }
}
