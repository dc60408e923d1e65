// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.vertx.core.Deployable;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.edges.ContainerCheck;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.lxc.LxcOptions;
import org.opdbus.verticles.lxc.LxcPresence;
import org.opdbus.verticles.lxc.LxcVerticle;
import org.opdbus.verticles.netlink.NetlinkVerticle;
import org.opdbus.verticles.ovsdb.OvsPorts;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.OvsdbVerticle;
import org.opdbus.verticles.proxmox.ProxmoxOptions;
import org.opdbus.verticles.proxmox.ProxmoxVerticle;
import org.opdbus.verticles.vm.VmPresence;
import org.opdbus.verticles.vm.VmVerticle;

/** The sources of this host, and the edges through which handlers ask and change what the sources tell of. */
record HostSources(
        NetlinkVerticle netlink, OvsdbVerticle ovsdb, LxcVerticle lxc, ProxmoxVerticle proxmox, VmVerticle machines) {
    /** The sources that the configuration names; none is started yet. */
    static HostSources of(AgentConfig config, Bus bus) {
        return new HostSources(
                new NetlinkVerticle(bus),
                new OvsdbVerticle(bus, OvsdbOptions.of(config.ovsdb().socket())),
                new LxcVerticle(bus, LxcOptions.of(config.lxc().path().toString())),
                new ProxmoxVerticle(bus, ProxmoxOptions.of(config.proxmox().confDir())),
                new VmVerticle(bus));
    }

    /** The sources in the order in which they start: machines are known by the links that netlink lists. */
    List<Deployable> inOrder() {
        return List.of(proxmox, ovsdb, machines, netlink, lxc);
    }

    /** The edges of this host, with these for its links. */
    Edges edges(LinkWork links) {
        return new Edges(links, new OvsPorts(ovsdb.ports()), containers(), Optional.of(proxmox::read));
    }

    private ContainerCheck containers() {
        ContainerCheck containers = new LxcPresence(lxc::observe);
        ContainerCheck virtual = new VmPresence();
        return id -> switch (id.kind()) {
            case VM -> virtual.presence(id);
            case LXC, DOCKER, PODMAN -> containers.presence(id);
        };
    }
}
