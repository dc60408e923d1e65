// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnconfigured;

/**
 * The last published state of each container, so that only changes are published. For one thread
 * only.
 */
final class ConfigurationTable {
    private final Map<ContainerId, ProxmoxEvent> known = new HashMap<>();

    /** Stores what was read and returns it if it differs from the last state. */
    Optional<ProxmoxEvent> put(ContainerId id, ProxmoxEvent read) {
        if (read instanceof ProxmoxUnconfigured) {
            return known.remove(id) == null ? Optional.empty() : Optional.of(read);
        }
        return read.equals(known.put(id, read)) ? Optional.empty() : Optional.of(read);
    }

    /** Returns the containers that are known to be configured. */
    Set<ContainerId> ids() {
        return new HashSet<>(known.keySet());
    }

    int count() {
        return known.size();
    }
}
