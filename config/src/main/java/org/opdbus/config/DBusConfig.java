// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.util.List;
import java.util.regex.Pattern;
import org.opdbus.config.json.JsonValues;
import org.opdbus.config.json.Limit;

/**
 * What the agent serves on D-Bus, and who may read it.
 *
 * @param names the bus names that the agent owns, without duplicates; empty if it does not connect to a bus
 * @param address the bus, as the D-Bus specification writes the address of a unix socket ("Server Addresses"). The
 *     agent ignores the environment variable {@code DBUS_SYSTEM_BUS_ADDRESS}: who can set an environment must not choose
 *     the bus whose word about a caller the agent believes.
 * @param group the group whose members may read without further authorisation
 * @param machined whether running containers are registered with systemd-machined
 */
public record DBusConfig(List<String> names, String address, String group, boolean machined) {
    /** Every name that the agent can own, in the order of the documentation. */
    public static final List<String> NAMES =
            List.of("org.opdbus", "dev.ovs.PortAgent1", "org.openvswitch.ovsdb", "org.system.introspection");

    /** The kernel's limit includes the zero byte that begins an abstract address (unix(7)). */
    private static final int SOCKET_NAME_BYTES_MAX = Limit.SOCKET_PATH_BYTES_MAX;

    /** Bytes outside this set are written as %XX; so no comma, colon or semicolon can begin a second key or address. */
    private static final Pattern ADDRESS_PATTERN =
            Pattern.compile("unix:(?:path=/|abstract=)((?:[-0-9A-Za-z_/.\\\\*]|%(?!00)[0-9A-Fa-f]{2})+)");

    private static final Pattern GROUP_PATTERN = Pattern.compile("[a-z_][a-z0-9_-]{0,30}\\$?");

    static final Limit<String> ADDRESS = Limit.that(
            DBusConfig::isAddress,
            "must be unix:path=/PATH or unix:abstract=NAME, with at most " + SOCKET_NAME_BYTES_MAX
                    + " bytes of socket");
    static final Limit<String> GROUP = Limit.that(
            group -> GROUP_PATTERN.matcher(group).matches(),
            "must be the name of a group (1 to 32 lower-case letters, digits, hyphens, underscores)");

    public DBusConfig {
        names = names.stream().map(DBusConfig::name).distinct().toList();
        ADDRESS.check("address", address);
        GROUP.check("group", group);
    }

    public static DBusConfig defaults() {
        return new DBusConfig(NAMES, "unix:path=/run/dbus/system_bus_socket", "op-dbus", false);
    }

    /** Parses a bus name; fails with an IllegalArgumentException that states the error. */
    static String name(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "must be one of " + String.join(", ", NAMES) + ", is " + JsonValues.shown(name));
        }
        return name;
    }

    private static boolean isAddress(String text) {
        var matcher = ADDRESS_PATTERN.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        // The slash of a path and the zero byte of an abstract name count too.
        int bytes = matcher.group(1).replaceAll("%..", "_").length() + 1;
        return bytes <= SOCKET_NAME_BYTES_MAX;
    }
}
