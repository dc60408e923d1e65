// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A fact from Proxmox VE's configuration of this node's containers and virtual machines. The ledger does not record
 * these facts: Proxmox keeps the configuration, and the agent reads all of it at every start.
 */
public sealed interface ProxmoxEvent extends Event {
    /** The subject of facts that concern no single container. */
    String HOST = "proxmox";

    @Override
    default boolean recorded() {
        return false;
    }

    /**
     * The agent has read every configuration; changes follow.
     *
     * @param present whether this is a host of Proxmox VE
     * @param count how many containers and virtual machines it has configured
     */
    record ProxmoxListed(boolean present, int count) implements ProxmoxEvent {
        @Override
        public String subject() {
            return HOST;
        }
    }

    /** The agent cannot read the configurations for now; the ones read last may be out of date. */
    record ProxmoxLost(String reason) implements ProxmoxEvent {
        @Override
        public String subject() {
            return HOST;
        }
    }

    /**
     * The agent has read a container's configuration, for the first time or because it has changed.
     */
    record ProxmoxConfigured(ContainerId container, List<ProxmoxNet> nets) implements ProxmoxEvent {
        public ProxmoxConfigured {
            nets = List.copyOf(nets);
        }

        @Override
        public String subject() {
            return container.value();
        }
    }

    /**
     * A container's configuration exists but cannot be read, so the agent does not know what it
     * says.
     */
    record ProxmoxUnreadable(ContainerId container, String reason) implements ProxmoxEvent {
        @Override
        public String subject() {
            return container.value();
        }
    }

    /** A container's configuration no longer exists on this node. */
    record ProxmoxUnconfigured(ContainerId container) implements ProxmoxEvent {
        @Override
        public String subject() {
            return container.value();
        }
    }

    /**
     * What Proxmox VE has configured for one network device, {@code netN} (pct.conf(5), qm.conf(5)).
     * Its link on the host is {@code veth<VMID>i<N>}, or {@code tap<VMID>i<N>} for a virtual machine.
     *
     * @param number the N of {@code netN}
     * @param bridge the bridge that Proxmox plugs the link into; empty while Proxmox changes the
     * device, or if it has none
     * @param mac the hardware address inside the container, in lower case
     * @param tag the access or native VLAN
     * @param trunks the trunked VLANs
     * @param firewall whether Proxmox's firewall stands between the link and the bridge
     * @param linkDown whether the link must not be plugged into any bridge
     * @param mtu the MTU inside the container
     * @param rateBytes the limit in bytes a second
     */
    record ProxmoxNet(
            int number,
            Optional<String> bridge,
            Optional<String> mac,
            Optional<Integer> tag,
            Set<Integer> trunks,
            boolean firewall,
            boolean linkDown,
            Optional<Integer> mtu,
            Optional<Long> rateBytes) {
        public ProxmoxNet {
            trunks = Collections.unmodifiableSet(new TreeSet<>(trunks));
        }

        /**
         * Returns how Open vSwitch must interpret tag and trunks. Proxmox sets this column only if a
         * device has both (PVE::Network, {@code tap_plug}).
         */
        public Optional<String> vlanMode() {
            return tag.isPresent() && !trunks.isEmpty() ? Optional.of("native-untagged") : Optional.empty();
        }
    }
}
