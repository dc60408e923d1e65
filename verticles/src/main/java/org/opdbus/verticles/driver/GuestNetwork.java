// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.config.NameLists;

/** What a container's own system has to know of its network, written into its files. */
final class GuestNetwork {
    private static final String OURS = "#op-dbus ";

    /** The line by which the busybox template's system asks for an address; group 1 is our sign that it must not. */
    private static final Pattern DHCP_CLIENT = Pattern.compile("(?m)^(" + OURS + ")?(/bin/udhcpc)$");

    private GuestNetwork() {}

    /**
     * Lets the busybox template's system ask for an address only if it has no static one: the first thing that its DHCP
     * client does is to take every address off the link. Other systems are left alone.
     */
    static void address(Path rootfs, boolean isStatic) throws IOException {
        GuestFile.edit(rootfs, List.of("etc", "init.d"), "rcS", text -> {
            Matcher matcher = DHCP_CLIENT.matcher(text);
            return matcher.replaceAll(isStatic ? OURS + "$2" : "$2");
        });
    }

    /** Writes resolv.conf(5), if anything is said about it. */
    static void resolver(Path rootfs, Optional<String> nameserver, Optional<String> searchdomain) throws IOException {
        if (nameserver.isEmpty() && searchdomain.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        searchdomain.ifPresent(list -> text.append("search ")
                .append(String.join(" ", NameLists.split(list)))
                .append('\n'));
        nameserver.ifPresent(list -> NameLists.split(list)
                .forEach(address -> text.append("nameserver ").append(address).append('\n')));
        GuestFile.replace(rootfs, List.of("etc"), "resolv.conf", text.toString());
    }
}
