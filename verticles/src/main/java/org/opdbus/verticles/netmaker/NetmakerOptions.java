// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How meshes are joined.
 *
 * @param envFile the file of enrolment tokens
 * @param netclient the program inside containers: a name, or an absolute path
 * @param folder where the record of hosts is kept; readable by the agent only
 * @param scheme how servers' APIs are spoken to; netclient itself always uses {@code https}
 * @param times how long things may take
 */
public record NetmakerOptions(Path envFile, String netclient, Path folder, String scheme, Times times) {
    /**
     * How long things may take.
     *
     * @param join a run of netclient; it needs up to 90 s when its server does not answer
     * @param confirm from the registration to the interface being up
     * @param leave what destroying a container may wait for a server
     * @param retryFirst the first wait after a failure; it doubles from there
     * @param retryLast the longest wait after a failure
     * @param health between two looks at a container that is in its mesh
     */
    public record Times(
            Duration join,
            Duration confirm,
            Duration leave,
            Duration retryFirst,
            Duration retryLast,
            Duration health) {}

    /** The usual: HTTPS, and the limits that fit the real netclient. */
    public static NetmakerOptions of(Path envFile, String netclient, Path folder) {
        return new NetmakerOptions(
                envFile,
                netclient,
                folder,
                "https",
                new Times(
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1)));
    }
}
