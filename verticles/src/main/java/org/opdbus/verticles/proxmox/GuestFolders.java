// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.ProxmoxEvent;

/** The two folders of configurations: that of containers, and beside it that of virtual machines. */
final class GuestFolders {
    private static final String MACHINES = "qemu-server";

    private final ConfigurationFolder containers;
    private final ConfigurationFolder machines;

    /** The folder of containers is {@code proxmox.confDir}. */
    GuestFolders(Path confDir) {
        containers = new ConfigurationFolder(confDir, Kind.LXC);
        machines = new ConfigurationFolder(confDir.resolveSibling(MACHINES), Kind.VM);
    }

    /** Returns both; that of containers comes first. */
    List<ConfigurationFolder> all() {
        return List.of(containers, machines);
    }

    /** Returns whether this can be a guest of Proxmox. */
    boolean holds(ContainerId id) {
        return Stream.of(containers, machines).anyMatch(folder -> folder.holds(id));
    }

    /** Returns the present content of a guest's file, as {@link ConfigurationFolder#read} does. */
    ProxmoxEvent read(ContainerId id) {
        return (id.kind() == Kind.VM ? machines : containers).read(id);
    }
}
