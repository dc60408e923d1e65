// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.config.state.NameLists;
import org.opdbus.verticles.kernel.GuestRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a container's own system must know about its network into its files. */
final class GuestNetworkFiles {
    private static final Logger LOG = LoggerFactory.getLogger(GuestNetworkFiles.class);
    private static final String SCRIPT = "etc/init.d/rcS";
    private static final int SCRIPT_BYTES_MAX = 65_536;
    private static final String OURS = "#op-dbus ";

    /** The line by which the busybox template's system asks for an address; group 1 is our sign that it must not. */
    private static final Pattern DHCP_CLIENT = Pattern.compile("(?m)^(" + OURS + ")?(/bin/udhcpc)$");

    private GuestNetworkFiles() {}

    /**
     * Lets the busybox template's system ask for an address only if it has no static one, because its DHCP client
     * begins by removing every address from the link. Other systems are not changed.
     */
    static void address(Path rootfs, boolean isStatic) throws IOException {
        try (GuestRoot root = GuestRoot.at(rootfs)) {
            Optional<byte[]> script = root.read(SCRIPT, SCRIPT_BYTES_MAX);
            if (script.isPresent()) {
                String before = new String(script.get(), StandardCharsets.ISO_8859_1);
                String after = DHCP_CLIENT.matcher(before).replaceAll(isStatic ? OURS + "$2" : "$2");
                if (!after.equals(before)) {
                    root.replace(SCRIPT, after.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (FileSystemException anotherSystem) {
            LOG.info(
                    "{} is not the busybox template's file and stays unchanged: {}",
                    rootfs,
                    anotherSystem.getMessage());
        }
    }

    /** Writes resolv.conf(5), if the state sets any of it. */
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
        try (GuestRoot root = GuestRoot.at(rootfs)) {
            root.replace("etc/resolv.conf", text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
