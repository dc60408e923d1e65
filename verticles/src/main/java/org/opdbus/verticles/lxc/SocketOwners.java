// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;

/**
 * Which command socket belongs to which container of one lxc.path. A socket name holds the path as
 * the starter spelled it, so a path that leads to the same folder counts as well. Names that LXC
 * had to hash are known for defined containers.
 */
final class SocketOwners {
    /** The number of paths in names of sockets that are resolved in one listing: any user can choose such names. */
    private static final int RESOLVED_MAX = 1_024;
    /** The number of spellings under which a monitor is looked for. */
    private static final int SPELLINGS_MAX = 8;

    private final String lxcPath;
    private final Map<String, Boolean> samePath = new HashMap<>();
    private final Map<String, ContainerId> byName = new HashMap<>();
    /** The names of lxc.path under which containers were started. */
    private Set<String> spellings;

    SocketOwners(String lxcPath) {
        this.lxcPath = lxcPath;
        spellings = new LinkedHashSet<>(lxcPaths());
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
        spellings = new LinkedHashSet<>(lxcPaths());
    }

    /** Sets the containers that are defined. */
    void define(Collection<ContainerId> defined) {
        byName.clear();
        for (String path : lxcPaths()) {
            spellings.add(path);
            defined.forEach(id -> byName.put(CommandName.of(path, id.value()), id));
        }
    }

    /** Returns the names under which the monitor of this container may listen, as far as known. */
    List<String> names(ContainerId id) {
        return spellings.stream().map(path -> CommandName.of(path, id.value())).toList();
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
        if (!isSame(folder.substring(0, slash))) {
            return Optional.empty();
        }
        String name = folder.substring(slash + 1);
        // Otherwise it is the socket of another program: no container of LXC can have this name.
        return Kind.LXC.isId(name) ? Optional.of(new ContainerId(name)) : Optional.empty();
    }

    private boolean isSame(String path) {
        Boolean known = samePath.get(path);
        if (known == null) {
            known = path.equals(lxcPath)
                    || (samePath.size() < RESOLVED_MAX
                            && real(path).isPresent()
                            && real(path).equals(real(lxcPath)));
            if (samePath.size() < RESOLVED_MAX) {
                samePath.put(path, known);
            }
        }
        if (known && spellings.size() < SPELLINGS_MAX) {
            spellings.add(path);
        }
        return known;
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
