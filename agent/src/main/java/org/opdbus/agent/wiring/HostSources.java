// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.vertx.core.Deployable;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.bus.Bus;
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

/** The sources of this host, and the edges through which handlers ask and change what the sources tell of. */
record HostSources(NetlinkVerticle netlink, OvsdbVerticle ovsdb, LxcVerticle lxc, ProxmoxVerticle proxmox) {
    /** The sources that the configuration names; none is started yet. */
    static HostSources of(AgentConfig config, Bus bus) {
        return new HostSources(
                new NetlinkVerticle(bus),
                new OvsdbVerticle(bus, OvsdbOptions.of(config.ovsdb().socket())),
                new LxcVerticle(bus, LxcOptions.of(config.lxc().path().toString())),
                new ProxmoxVerticle(bus, ProxmoxOptions.of(config.proxmox().confDir())));
    }

    /** The sources in the order in which they start. */
    List<Deployable> inOrder() {
        return List.of(proxmox, ovsdb, netlink, lxc);
    }

    /** The edges of this host, with these for its links. */
    Edges edges(LinkWork links) {
        return new Edges(links, new OvsPorts(ovsdb.ports()), new LxcPresence(lxc::observe), Optional.of(proxmox::read));
    }
}
