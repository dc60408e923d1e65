// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.enroll.netmaker.guest.GuestDaemon;
import org.opdbus.verticles.enroll.netmaker.hosts.HostRecords;
import org.opdbus.verticles.enroll.netmaker.server.AdminApi;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient;
import org.opdbus.verticles.enroll.netmaker.server.KeyOptions;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

/** What a program that runs no agent can find out about meshes. It changes nothing; every method blocks. */
public final class NetmakerInspection {
    /** The remedy if netclient is in a container but its service is not installed. */
    public static final String INSTALL_REMEDY = GuestDaemon.INSTALL_REMEDY;

    private NetmakerInspection() {}

    /** Returns what is left on servers according to the records in this folder, one line for each host or key. */
    public static List<String> leftBehind(Path folder) throws NetmakerException {
        return HostRecords.leftBehind(folder);
    }

    /**
     * Checks that the server has the networks of the keys. Waits for the server, at most 15 s.
     *
     * @throws NetmakerException with the error
     */
    public static void checkNetworks(KeyOptions keys, Optional<Path> caFile)
            throws NetmakerException, InterruptedException {
        new AdminApi(keys.url(), keys.credentialFile(), new ApiClient(caFile)).requireNetworks(keys.networks());
    }
}
