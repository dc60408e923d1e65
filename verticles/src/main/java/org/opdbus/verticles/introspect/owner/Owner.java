// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import org.opdbus.events.ContainerId;

/** A program that can own a link. The order is that of the claims on one link; the package documentation says why. */
public enum Owner {
    /** Proxmox VE, which writes the configuration of the host's network and of its guests. */
    PROXMOX("Proxmox"),
    /** netplan, which writes configurations that systemd-networkd or NetworkManager carries out. */
    NETPLAN("netplan"),
    /** This agent. */
    US("op-dbus"),
    LXC("LXC"),
    DOCKER("Docker"),
    PODMAN("Podman"),
    LIBVIRT("libvirt"),
    /** os-vif, which plugs the virtual machines of OpenStack. */
    OPENSTACK("OpenStack"),
    /** A virtual machine that was started without any of these, or by one of them. */
    QEMU("qemu"),
    NETWORK_MANAGER("NetworkManager"),
    NETWORKD("systemd-networkd"),
    /** ifupdown or ifupdown2, which read the same files. */
    IFUPDOWN("ifupdown"),
    /** Owns no link, but can write the configuration of the resolver. */
    RESOLVED("systemd-resolved"),
    /** Owns no link, but can write the configuration of the resolver. */
    RESOLVCONF("resolvconf");

    private final String word;

    Owner(String word) {
        this.word = word;
    }

    /** Returns who made the workloads of this kind. */
    public static Owner of(ContainerId.Kind kind) {
        return switch (kind) {
            case LXC -> LXC;
            case DOCKER -> DOCKER;
            case PODMAN -> PODMAN;
            case VM -> QEMU;
        };
    }

    /** Returns its name as a document shows it. */
    public String word() {
        return word;
    }
}
