// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.List;

/**
 * A fact from Proxmox VE's configuration of this node's containers. The ledger does not record
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
     * @param count how many containers it has configured
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
}
