// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.ContainerId;

/**
 * What the watching thread shows to other threads: which socket listens under which name, and which
 * init lives.
 */
final class LiveSockets {
    private final Map<ContainerId, String> sockets = new ConcurrentHashMap<>();
    private final Map<ContainerId, Long> inits = new ConcurrentHashMap<>();

    void listens(ContainerId id, String socket) {
        sockets.put(id, socket);
    }

    void silent(ContainerId id) {
        sockets.remove(id);
    }

    void lives(ContainerId id, long initPid) {
        inits.put(id, initPid);
    }

    void gone(ContainerId id, long initPid) {
        inits.remove(id, initPid);
    }

    void clear() {
        sockets.clear();
        inits.clear();
    }

    Optional<String> socket(ContainerId id) {
        return Optional.ofNullable(sockets.get(id));
    }

    Optional<Long> init(ContainerId id) {
        return Optional.ofNullable(inits.get(id));
    }
}
