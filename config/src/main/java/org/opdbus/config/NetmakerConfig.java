// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import org.opdbus.config.json.Limit;

/**
 * How containers join a Netmaker mesh.
 *
 * @param envFile the file of enrolment tokens; only its owner may read it
 * @param netclient the netclient program: a name that is on {@code PATH}, or an absolute path
 * @param rejoin whether a container joins again when its node or host was deleted on the server
 */
public record NetmakerConfig(Path envFile, String netclient, boolean rejoin, NetmakerApiConfig api) {
    static final Limit<Path> ENV_FILE = Limit.absolutePath();
    static final Limit<String> NETCLIENT = Limit.that(
            NetmakerConfig::isProgram, "must be the name of a program, or its absolute path, without arguments");

    public NetmakerConfig {
        ENV_FILE.check("envFile", envFile);
        NETCLIENT.check("netclient", netclient);
    }

    public static NetmakerConfig defaults() {
        return new NetmakerConfig(
                Path.of("/etc/op-dbus/netmaker.env"), "netclient", true, NetmakerApiConfig.defaults());
    }

    private static boolean isProgram(String value) {
        return !value.isEmpty()
                && (value.startsWith("/") || !value.contains("/"))
                && value.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    }
}
