// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.hosts;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient.Identity;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

/**
 * Finds the containers that have an identity, by the agent's records and by the containers' own files at this moment. The
 * agent asks right before it removes a host from its server: a copy of a container has the same identity and may go on.
 *
 * <p>Safe for use by any thread. The files of a container that is stopped are known only where its root folder is below
 * {@code lxc.path}.
 */
public final class IdentityOwners {
    private final HostRecords records;
    private final Map<ContainerId, Path> roots = new ConcurrentHashMap<>();

    public IdentityOwners(HostRecords records) {
        this.records = records;
    }

    /** From now on this container's files are below this folder. */
    public void put(ContainerId id, Path root) {
        roots.put(id, root);
    }

    /** There is no such container any more. */
    public void remove(ContainerId id) {
        roots.remove(id);
    }

    /** The other container that has this host's identity, if there is one. Waits for the disk. */
    public Optional<ContainerId> other(MeshHost host) {
        return records.otherWith(host.hostId(), host.container())
                .or(() -> roots.entrySet().stream()
                        .filter(root -> !root.getKey().equals(host.container()))
                        .filter(root -> has(root.getValue(), host.hostId()))
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    private static boolean has(Path root, String hostId) {
        try {
            return GuestNetclient.read(root)
                    .identity()
                    .map(Identity::hostId)
                    .filter(hostId::equals)
                    .isPresent();
        } catch (NetmakerException unreadable) {
            // A container must not keep another's host on its server by spoiling its own files.
            return false;
        }
    }
}
