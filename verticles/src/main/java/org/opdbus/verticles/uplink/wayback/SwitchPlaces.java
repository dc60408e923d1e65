// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.nio.file.Path;

/**
 * Where the script of the way back finds Open vSwitch.
 *
 * @param socket the unix socket of ovsdb-server; the sockets and process ids of its daemons are in the same folder
 * @param databaseFile the file of the database, which is changed directly while ovsdb-server does not run, as at boot
 */
public record SwitchPlaces(Path socket, Path databaseFile) {
    private static final Path DEBIAN = Path.of("/etc/openvswitch/conf.db");

    /** Returns the places of an Open vSwitch with this socket whose database is where Debian puts it (ovs-ctl(8)). */
    public static SwitchPlaces ofSocket(Path socket) {
        return new SwitchPlaces(socket, DEBIAN);
    }

    /** Returns the folder of the daemons' sockets, which ovs-appctl(8) calls {@code OVS_RUNDIR}. */
    Path runDir() {
        Path folder = socket.toAbsolutePath().getParent();
        return folder == null ? Path.of("/") : folder;
    }
}
