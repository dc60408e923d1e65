// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.List;

/**
 * What Proxmox VE's configuration of this node's containers says. Not recorded: Proxmox keeps it, and the agent reads all of
 * it at every start.
 */
public sealed interface ProxmoxEvent extends Event {
    /** The subject of facts that concern no container in particular. */
    String HOST = "proxmox";

    @Override
    default boolean recorded() {
        return false;
    }

    /**
     * Every configuration has been read; changes follow.
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

    /** The configurations cannot be read for now; what was read last may be out of date. */
    record ProxmoxLost(String reason) implements ProxmoxEvent {
        @Override
        public String subject() {
            return HOST;
        }
    }

    /** A container's configuration was read, for the first time or because it has changed. */
    record ProxmoxConfigured(ContainerId container, List<ProxmoxNet> nets) implements ProxmoxEvent {
        public ProxmoxConfigured {
            nets = List.copyOf(nets);
        }

        @Override
        public String subject() {
            return container.value();
        }
    }

    /** A container's configuration is there and cannot be read, so that nobody knows what it wants. */
    record ProxmoxUnreadable(ContainerId container, String reason) implements ProxmoxEvent {
        @Override
        public String subject() {
            return container.value();
        }
    }

    /** A container's configuration is gone from this node. */
    record ProxmoxUnconfigured(ContainerId container) implements ProxmoxEvent {
        @Override
        public String subject() {
            return container.value();
        }
    }
}
