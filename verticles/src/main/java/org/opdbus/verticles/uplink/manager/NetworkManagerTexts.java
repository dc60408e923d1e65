// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.Optional;

/** The files beside the profile that a host with NetworkManager needs for an uplink on a bridge. Pure. */
final class NetworkManagerTexts {
    private NetworkManagerTexts() {}

    private static String mark(String sign, String link) {
        return sign + " Written by \"op-dbus uplink move\"; \"op-dbus uplink back " + link + "\" takes it back.\n";
    }

    /** Returns a file of NetworkManager.conf(5): the link is unmanaged, and the bridge's own link is not. */
    static String configuration(String link, String bridge) {
        return mark("#", link) + """
                [keyfile]
                unmanaged-devices+=interface-name:=%s

                [device-op-dbus-uplink-%s]
                match-device=interface-name:=%s
                managed=1
                """.formatted(link, bridge, bridge);
    }

    /**
     * Returns a drop-in of systemd.unit(5). NetworkManager makes a tap that its profile names and that is not there yet; one that it
     * made it also removes.
     */
    static String order(String link) {
        return mark("#", link) + """
                [Unit]
                After=ovs-vswitchd.service
                """;
    }

    /** Returns a rule of udev(7): a link that no program manages is down after a boot. */
    static String rule(String link, Optional<String> mtu) {
        String match = "ACTION==\"add|move\", SUBSYSTEM==\"net\", ENV{INTERFACE}==\"" + link + "\", ";
        return mark("#", link)
                + mtu.map(bytes -> match + "ATTR{mtu}=\"" + bytes + "\"\n").orElse("")
                + match + "RUN+=\"/sbin/ip link set dev " + link + " up\"\n";
    }
}
