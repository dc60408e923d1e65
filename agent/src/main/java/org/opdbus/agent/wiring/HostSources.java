// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Deployable;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.WorkloadsConfig;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.edges.ContainerCheck;
import org.opdbus.verticles.edges.ContainerCheck.Presence;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.engine.EngineOptions;
import org.opdbus.verticles.engine.EnginePresence;
import org.opdbus.verticles.engine.EngineVerticle;
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
        NetlinkVerticle netlink,
        OvsdbVerticle ovsdb,
        LxcVerticle lxc,
        ProxmoxVerticle proxmox,
        VmVerticle machines,
        Map<Kind, EngineVerticle> engines) {
    /** The sources that the configuration names; none is started yet. A command does not wait for an engine that hangs. */
    static HostSources of(AgentConfig config, Bus bus, Role role) {
        return new HostSources(
                new NetlinkVerticle(bus),
                new OvsdbVerticle(bus, OvsdbOptions.of(config.ovsdb().socket())),
                new LxcVerticle(bus, LxcOptions.of(config.lxc().path().toString())),
                new ProxmoxVerticle(bus, ProxmoxOptions.of(config.proxmox().confDir())),
                new VmVerticle(bus),
                engines(config.workloads(), bus, role));
    }

    private static Map<Kind, EngineVerticle> engines(WorkloadsConfig config, Bus bus, Role role) {
        Map<Kind, EngineVerticle> engines = new EnumMap<>(Kind.class);
        Map.of(Kind.DOCKER, config.docker(), Kind.PODMAN, config.podman())
                .forEach((kind, engine) -> engine.path()
                        .map(socket -> role == Role.SERVE
                                ? EngineOptions.of(kind, socket)
                                : EngineOptions.inHaste(kind, socket))
                        .ifPresent(options -> engines.put(kind, new EngineVerticle(bus, options))));
        return engines;
    }

    /** Returns the sources of other workloads that there are: machines, and the engines that have made their sockets. */
    static Set<Source> present(WorkloadsConfig config) {
        Set<Source> present = EnumSet.of(Source.VM);
        config.docker().path().filter(Files::exists).ifPresent(socket -> present.add(Source.DOCKER));
        config.podman().path().filter(Files::exists).ifPresent(socket -> present.add(Source.PODMAN));
        return present;
    }

    /** The sources in the order in which they start: machines are known by the links that netlink lists. */
    List<Deployable> inOrder() {
        List<Deployable> all = new ArrayList<>(List.of(proxmox, ovsdb, machines, netlink, lxc));
        all.addAll(engines.values());
        return all;
    }

    /** The edges of this host, with these for its links. */
    Edges edges(LinkWork links) {
        return new Edges(links, new OvsPorts(ovsdb.ports()), presence(), Optional.of(proxmox::read));
    }

    /** Asks the source that knows the container. */
    private ContainerCheck presence() {
        Map<Kind, ContainerCheck> checks = new EnumMap<>(Kind.class);
        checks.put(Kind.LXC, new LxcPresence(lxc::observe));
        checks.put(Kind.VM, new VmPresence());
        engines.forEach((kind, engine) -> checks.put(kind, new EnginePresence(engine)));
        ContainerCheck nobody = id -> Single.just(Presence.UNKNOWN);
        return id -> checks.getOrDefault(id.kind(), nobody).presence(id);
    }
}
