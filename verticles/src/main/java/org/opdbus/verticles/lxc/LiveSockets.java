// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.ContainerId;

/** What the watching thread lets others see: who listens under which name, and which init lives without a monitor. */
final class LiveSockets {
    private final Map<ContainerId, String> sockets = new ConcurrentHashMap<>();
    private final Map<ContainerId, Long> orphans = new ConcurrentHashMap<>();

    void listens(ContainerId id, String socket) {
        sockets.put(id, socket);
    }

    void silent(ContainerId id) {
        sockets.remove(id);
    }

    void orphaned(ContainerId id, long initPid) {
        orphans.put(id, initPid);
    }

    void gone(ContainerId id, long initPid) {
        orphans.remove(id, initPid);
    }

    void clear() {
        sockets.clear();
        orphans.clear();
    }

    Optional<String> socket(ContainerId id) {
        return Optional.ofNullable(sockets.get(id));
    }

    Optional<Long> orphan(ContainerId id) {
        return Optional.ofNullable(orphans.get(id));
    }
}
