// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.config.EnrollmentConfig;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.NamingConfig;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.Ipv4Address;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Inside;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.Intent.TakenBack;
import org.opdbus.verticles.plan.MeshIntent;
import org.opdbus.verticles.plan.Policy;

/**
 * The desired state of each container: its entry if the state file names it, otherwise what the configuration says about
 * containers of LXC that the state file does not name. It knows a workload by what the state file calls it ({@code docker:web}); one
 * of another kind than LXC's that has no entry is left alone. May be used by any thread.
 */
public final class StatePolicy implements Policy {
    private final EnrollmentConfig enrollment;
    private final boolean othersToo;
    private final Naming naming;
    private final Map<ContainerId, DesiredContainer> entries = new ConcurrentHashMap<>();
    private final Map<ContainerId, TakenBack> takenBack = new ConcurrentHashMap<>();

    /**
     * Creates a policy.
     *
     * @param named the entries that apply from the start
     * @param othersToo whether the agent also enrols containers without an entry, if the configuration says so
     */
    public StatePolicy(
            EnrollmentConfig enrollment, NamingConfig naming, Collection<DesiredContainer> named, boolean othersToo) {
        this.enrollment = enrollment;
        this.othersToo = othersToo;
        this.naming = switch (naming.mode()) {
            case AUTO -> Naming.AUTO;
            case RENAME -> Naming.RENAME;
            case ALTNAME -> Naming.ALTNAME;
            case OFF -> Naming.OFF;
        };
        named.forEach(entry -> entries.put(entry.id(), entry));
    }

    /** From now on this entry decides; what it had before and has no more is undone. */
    public void want(DesiredContainer entry, Optional<DesiredContainer> before) {
        takenBack.put(entry.id(), before.map(old -> takenBack(old, entry)).orElse(TakenBack.NOTHING));
        entries.put(entry.id(), entry);
    }

    /** Removes the entry of this container. */
    public void forget(ContainerId id) {
        entries.remove(id);
        takenBack.remove(id);
    }

    /** What was said of this container, if anything. */
    public Optional<DesiredContainer> entry(ContainerId id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** Returns the entries that only attach their workloads, by what the state file calls them. */
    public List<DesiredContainer> attachments() {
        return entries.values().stream()
                .filter(entry -> entry.id().kind() != Kind.LXC)
                .sorted(Comparator.comparing(DesiredContainer::id))
                .toList();
    }

    /**
     * The mesh that this entry asks for, if it asks for one. The network type of the configuration is that of containers of LXC: an
     * entry of another kind has to say that it means a mesh.
     */
    public Optional<MeshIntent> meshOf(DesiredContainer entry) {
        NetworkType otherwise = entry.id().kind() == Kind.LXC ? enrollment.networkType() : NetworkType.BRIDGE;
        NetworkType type = entry.properties().networkType().orElse(otherwise);
        return type == NetworkType.NETMAKER
                ? Optional.of(new MeshIntent(entry.properties().netmakerTokenEnv()))
                : Optional.empty();
    }

    /** The mesh that this container is to be in, if any. */
    public Optional<MeshIntent> meshFor(ContainerId id) {
        DesiredContainer entry = entries.get(id);
        if (entry != null) {
            return meshOf(entry);
        }
        return isEnrolledUnnamed(id) && enrollment.networkType() == NetworkType.NETMAKER
                ? Optional.of(new MeshIntent(Optional.empty()))
                : Optional.empty();
    }

    /** Workloads of other kinds are attached only where somebody asks for it. */
    private boolean isEnrolledUnnamed(ContainerId id) {
        return id.kind() == Kind.LXC && othersToo && enrollment.automatic() && !enrollment.ignores(id.value());
    }

    @Override
    public Intent intentFor(ContainerId id) {
        DesiredContainer entry = entries.get(id);
        if (entry == null) {
            return isEnrolledUnnamed(id) ? Intent.automatic(enrollment.bridge(), naming) : Intent.leaveAlone();
        }
        return new Intent(
                true,
                true,
                entry.bridge().orElse(enrollment.bridge()),
                naming,
                entry.veth(),
                entry.properties().vlan().map(Long::intValue),
                address(entry.properties()),
                new Inside(entry.ifname(), entry.mtu().map(Long::intValue)),
                takenBack.getOrDefault(id, TakenBack.NOTHING));
    }

    private static TakenBack takenBack(DesiredContainer before, DesiredContainer now) {
        boolean vlan = before.properties().vlan().isPresent()
                && now.properties().vlan().isEmpty();
        return new TakenBack(
                vlan,
                address(before.properties())
                        .filter(old -> address(now.properties()).isEmpty()));
    }

    private static Optional<StaticAddress> address(ContainerProperties properties) {
        return properties
                .ipv4()
                .map(cidr -> new StaticAddress(
                        inet(cidr.address()),
                        cidr.prefix(),
                        properties.gateway().map(StatePolicy::inet)));
    }

    private static Inet4Address inet(Ipv4Address address) {
        try {
            return (Inet4Address) InetAddress.getByName(address.toString());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four numbers are an address: " + address, impossible);
        }
    }
}
