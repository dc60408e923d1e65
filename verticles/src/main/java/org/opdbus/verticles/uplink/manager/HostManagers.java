// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.List;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/**
 * The programs that can configure this host's network. It reads their files; it changes nothing. For one thread at a time, which
 * may block.
 */
public final class HostManagers {
    private final HostFiles files;

    /** Creates it for the files of a host. */
    public HostManagers(HostFiles files) {
        this.files = files;
    }

    /**
     * Plans what the program that configures the network needs for a move.
     *
     * @param written the changes of files of the move onto the bridge, for a move back; empty for a move onto a bridge
     * @throws UplinkRefusal if the files of the program cannot be changed with certainty; it has every reason at once
     */
    public ManagerPlan plan(UplinkPicture picture, MoveRequest request, List<FileChange> written) {
        if (files.exists("/etc/network/interfaces")) {
            return new ManagerPlan("ifupdown", List.of(), List.of(), List.of());
        }
        return new ManagerPlan("none", List.of(), List.of(), List.of("Nothing is written for the next boot."));
    }
}
