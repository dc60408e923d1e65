// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Link;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.events.ProxmoxEvent.ProxmoxConfigured;
import org.opdbus.events.ProxmoxEvent.ProxmoxListed;
import org.opdbus.events.ProxmoxEvent.ProxmoxLost;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnconfigured;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnreadable;
import org.opdbus.verticles.view.ManagedNet.Configured;
import org.opdbus.verticles.view.ManagedNet.Pending;
import org.opdbus.verticles.view.ManagedNet.Unmanaged;
import org.opdbus.verticles.view.ManagedNet.Unreadable;

/** The configuration of Proxmox VE, folded from its facts. For one thread only. */
public final class ProxmoxPicture {
    /** The name of the n-th link of a container or a virtual machine that Proxmox manages (PVE::LXC, PVE::QemuServer). */
    private static final Pattern LINK = Pattern.compile("(veth|tap)([0-9]+)i([0-9]{1,2})");

    /** The same with an N that no version of Proxmox uses. */
    private static final Pattern ANY_LINK = Pattern.compile("(veth|tap)([0-9]+)i([0-9]+)");

    /**
     * The name of a link of a container or a virtual machine on the host (PVE::LXC, PVE::QemuServer), and of the port of its
     * firewall's bridge (PVE::Network).
     */
    private static final Pattern GUEST_LINK =
            Pattern.compile("(?:(?:veth|tap)([1-9][0-9]{2,8})i|fwln([1-9][0-9]{2,8})o)[0-9]{1,2}");

    private static final String VETH = "veth";
    private static final String TAP = "tap";

    private static final ManagedNet UNMANAGED = new Unmanaged();

    private final boolean expected;
    private final Map<ContainerId, ProxmoxEvent> containers = new HashMap<>();
    private Optional<Boolean> present = Optional.empty();
    private Optional<String> lost = Optional.empty();

    /** Creates an empty configuration; if no source of such facts is expected, there is no Proxmox. */
    ProxmoxPicture(boolean expected) {
        this.expected = expected;
    }

    /** Returns the name of the N-th link of a container or virtual machine that Proxmox manages. */
    public static String linkName(ContainerId id, int number) {
        return (id.kind() == Kind.VM ? TAP : VETH) + id.own() + "i" + number;
    }

    /** Returns the container or virtual machine whose link Proxmox gave this name; empty for other names. */
    public static Optional<ContainerId> containerOf(String link) {
        Matcher matcher = ANY_LINK.matcher(link);
        return matcher.matches() ? Optional.of(guest(matcher)) : Optional.empty();
    }

    private static ContainerId guest(Matcher link) {
        return (link.group(1).equals(TAP) ? Kind.VM : Kind.LXC).id(link.group(2));
    }

    /** Returns the number of the container or virtual machine for whose link Proxmox chose this name; empty for other names. */
    public static Optional<String> guestOf(String link) {
        Matcher matcher = GUEST_LINK.matcher(link);
        return matcher.matches()
                ? Optional.of(matcher.group(1) == null ? matcher.group(2) : matcher.group(1))
                : Optional.empty();
    }

    /** Returns the N of such a name; empty for other names. */
    public static OptionalInt numberOf(String link) {
        Matcher matcher = LINK.matcher(link);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(3))) : OptionalInt.empty();
    }

    /** Folds in a fact; returns the container that it is about, or none if it is about all of them. */
    Optional<ContainerId> apply(ProxmoxEvent event) {
        if (event instanceof ProxmoxListed listed) {
            present = Optional.of(listed.present());
            lost = Optional.empty();
            return Optional.empty();
        }
        if (event instanceof ProxmoxLost away) {
            lost = Optional.of(away.reason());
            return Optional.empty();
        }
        ContainerId id = new ContainerId(event.subject());
        if (event instanceof ProxmoxUnconfigured) {
            containers.remove(id);
        } else {
            containers.put(id, event);
        }
        return Optional.of(id);
    }

    /** Returns whether the configuration is known, or known to be unreadable. */
    boolean isHeard() {
        return !expected || present.isPresent() || lost.isPresent();
    }

    /** Returns whether this container may be one of Proxmox's, as far as is known. */
    public boolean mayManage(ContainerId id) {
        return expected && (lost.isPresent() || present.orElse(true));
    }

    /**
     * Returns Proxmox's configuration of a container's link.
     *
     * @param inner the container's end, if it was read
     */
    public ManagedNet of(ContainerId id, Link link, Optional<Link.Inner> inner) {
        OptionalInt number = numberOf(id, link, inner);
        if (!expected || number.isEmpty()) {
            return UNMANAGED;
        }
        if (lost.isPresent()) {
            return new Unreadable(lost.get());
        }
        if (present.isEmpty()) {
            return new Pending("Proxmox's configuration is being read");
        }
        if (!present.get()) {
            return UNMANAGED;
        }
        ProxmoxEvent known = containers.get(id);
        if (known instanceof ProxmoxUnreadable wrong) {
            return new Unreadable(wrong.reason());
        }
        return known instanceof ProxmoxConfigured configured
                ? net(configured, number.getAsInt())
                : new Unreadable("Proxmox has no configuration of "
                        + (id.kind() == Kind.VM ? "virtual machine " : "container ") + id.own() + " on this host");
    }

    private static ManagedNet net(ProxmoxConfigured configured, int number) {
        return configured.nets().stream()
                .filter(net -> net.number() == number)
                .findFirst()
                .<ManagedNet>map(Configured::new)
                .orElseGet(() -> new Pending("Proxmox's configuration has no net" + number + " yet, or no more"));
    }

    /** By name; or, for a link that was renamed, by the hardware address inside the container. */
    private OptionalInt numberOf(ContainerId id, Link link, Optional<Link.Inner> inner) {
        Matcher matcher = LINK.matcher(link.name().value());
        if (matcher.matches() && guest(matcher).equals(id)) {
            return OptionalInt.of(Integer.parseInt(matcher.group(3)));
        }
        Optional<String> mac = inner.map(Link.Inner::mac);
        return containers.get(id) instanceof ProxmoxConfigured configured && mac.isPresent()
                ? configured.nets().stream()
                        .filter(net -> net.mac().equals(mac))
                        .mapToInt(ProxmoxNet::number)
                        .findFirst()
                : OptionalInt.empty();
    }
}
