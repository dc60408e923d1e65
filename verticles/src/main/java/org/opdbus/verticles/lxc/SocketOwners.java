// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;

/**
 * Which command socket belongs to which container of one lxc.path. A socket name holds the path as
 * the starter spelled it, so a path that leads to the same folder counts as well. Names that LXC
 * had to hash are known for defined containers.
 */
final class SocketOwners {
    private final String lxcPath;
    private final Map<String, Boolean> samePath = new HashMap<>();
    private final Map<String, ContainerId> byName = new HashMap<>();

    SocketOwners(String lxcPath) {
        this.lxcPath = lxcPath;
    }

    /** The configured path and, if it differs, the path that it leads to. */
    List<String> lxcPaths() {
        return Stream.concat(Stream.of(lxcPath), real(lxcPath).stream())
                .distinct()
                .toList();
    }

    /** Forgets what paths lead to, because symbolic links may have changed. */
    void forget() {
        samePath.clear();
    }

    /** Sets the containers that are defined. */
    void define(Collection<ContainerId> defined) {
        byName.clear();
        for (String path : lxcPaths()) {
            defined.forEach(id -> byName.put(CommandName.of(path, id.value()), id));
        }
    }

    /** Returns the sockets that belong to containers of this lxc.path. */
    Map<ContainerId, String> owned(Collection<String> sockets) {
        Map<ContainerId, String> owned = new HashMap<>();
        for (String socket : sockets) {
            owner(socket).ifPresent(id -> owned.put(id, socket));
        }
        return owned;
    }

    private Optional<ContainerId> owner(String socket) {
        ContainerId known = byName.get(socket);
        if (known != null) {
            return Optional.of(known);
        }
        String folder = CommandName.folder(socket);
        int slash = folder.lastIndexOf('/');
        if (!folder.startsWith("/") || slash == folder.length() - 1) {
            return Optional.empty();
        }
        String path = folder.substring(0, slash);
        if (!samePath.computeIfAbsent(path, this::isSame)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ContainerId(folder.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            // The socket of another program; no container can have this name.
            return Optional.empty();
        }
    }

    private boolean isSame(String path) {
        return path.equals(lxcPath) || (real(path).isPresent() && real(path).equals(real(lxcPath)));
    }

    private static Optional<String> real(String path) {
        try {
            return Optional.of(Path.of(path).toRealPath().toString());
        } catch (IOException | java.nio.file.InvalidPathException e) {
            // The path does not exist, so no other path can lead to the same place.
            return Optional.empty();
        }
    }
}
