// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.opdbus.verticles.enroll.netmaker.plan.MeshTimes;
import org.opdbus.verticles.enroll.netmaker.server.KeyOptions;

/**
 * How the agent joins meshes.
 *
 * @param envFile the file of enrolment tokens
 * @param netclient the program inside containers: a name, or an absolute path
 * @param folder the folder of the record of hosts; only the agent can read it
 * @param keys how keys are created for containers that name no token; empty if they are not
 * @param caFile the authorities that sign the certificates of servers' APIs; empty for those that Java trusts
 * @param rejoin whether a container that was deleted on its server joins again
 * @param times the limits and intervals
 */
public record NetmakerOptions(
        Path envFile,
        String netclient,
        Path folder,
        Optional<KeyOptions> keys,
        Optional<Path> caFile,
        boolean rejoin,
        MeshTimes times) {
    /** Returns the folder of the record of hosts on a host whose ledger is in this folder. */
    public static Path folderBeside(Path ledgerDir) {
        return ledgerDir.resolveSibling("netmaker");
    }

    /** Returns the defaults: limits that fit the real netclient, and a deleted container joins again. */
    public static NetmakerOptions of(
            Path envFile, String netclient, Path folder, Optional<KeyOptions> keys, Optional<Path> caFile) {
        return new NetmakerOptions(
                envFile,
                netclient,
                folder,
                keys,
                caFile,
                true,
                new MeshTimes(
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(5)));
    }

    /** Returns the same options; a container that was deleted on its server joins again only if this is true. */
    public NetmakerOptions withRejoin(boolean allowed) {
        return new NetmakerOptions(envFile, netclient, folder, keys, caFile, allowed, times);
    }
}
