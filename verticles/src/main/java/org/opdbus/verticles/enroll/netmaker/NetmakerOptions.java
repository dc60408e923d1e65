// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How meshes are joined.
 *
 * @param envFile the file of enrolment tokens
 * @param netclient the program inside containers: a name, or an absolute path
 * @param folder where the record of hosts is kept; readable by the agent only
 * @param minting how keys are made for containers that name no token; empty if they are not
 * @param caFile who has signed the certificates of servers' APIs; empty for those whom Java trusts
 * @param rejoin whether a container joins again that was deleted on its server
 * @param times how long things may take
 */
public record NetmakerOptions(
        Path envFile,
        String netclient,
        Path folder,
        Optional<KeyOptions> minting,
        Optional<Path> caFile,
        boolean rejoin,
        Times times) {
    /**
     * How enrolment keys are made.
     *
     * @param url the server's API, {@code https://api.example.com}
     * @param credentialFile the file with what proves that we may make keys
     * @param networks the networks that a key leads into
     */
    public record KeyOptions(URI url, Path credentialFile, List<String> networks) {
        public KeyOptions {
            networks = List.copyOf(networks);
        }
    }

    /**
     * How long things may take.
     *
     * @param join a run of netclient; it needs up to 90 s when its server does not answer
     * @param confirm from the registration to the interface being up
     * @param leave what destroying a container may wait for a server
     * @param retryFirst the first wait after a failure; it doubles from there
     * @param retryLast the longest wait after a failure
     * @param health between two looks at a container that is in its mesh
     * @param silence how long all peers may be silent that have answered before
     * @param status between two questions to its server how its node is
     */
    public record Times(
            Duration join,
            Duration confirm,
            Duration leave,
            Duration retryFirst,
            Duration retryLast,
            Duration health,
            Duration silence,
            Duration status) {}

    /** Where the record of hosts is kept on a host whose ledger is in this folder. */
    public static Path folderBeside(Path ledgerDir) {
        return ledgerDir.resolveSibling("netmaker");
    }

    /** The usual: the limits that fit the real netclient, and a container that was deleted joins again. */
    public static NetmakerOptions of(
            Path envFile, String netclient, Path folder, Optional<KeyOptions> minting, Optional<Path> caFile) {
        return new NetmakerOptions(
                envFile,
                netclient,
                folder,
                minting,
                caFile,
                true,
                new Times(
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(5)));
    }

    /** The same, but a container that was deleted on its server joins again only if this says so. */
    public NetmakerOptions withRejoin(boolean allowed) {
        return new NetmakerOptions(envFile, netclient, folder, minting, caFile, allowed, times);
    }
}
