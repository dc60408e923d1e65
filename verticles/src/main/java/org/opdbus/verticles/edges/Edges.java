// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import java.util.Optional;

/**
 * The edges through which the handlers act.
 *
 * @param configurations reads Proxmox's configuration again; empty on a host without Proxmox
 */
public record Edges(
        LinkWork links, PortWork ports, ContainerCheck containers, Optional<ConfigurationCheck> configurations) {
    /** Creates the edges of a host without Proxmox. */
    public Edges(LinkWork links, PortWork ports, ContainerCheck containers) {
        this(links, ports, containers, Optional.empty());
    }
}
