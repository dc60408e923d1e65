// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.kernel.netlink.LinkRequests;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in a lab's namespace after its own processes have ended. A process that the lab did not start, such as a user's shell, is
 * left alone, and keeps the namespace alive without a name. So the links are removed one by one: none of them stays because of it.
 */
final class LabLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(LabLeftovers.class);
    private static final Path PROC = Path.of("/proc");

    private LabLeftovers() {}

    static void remove(Path namespaceFile, String lab) throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.at(namespaceFile);
                RtNetlink links = RtNetlink.open(namespace);
                NetworkReader reader = NetworkReader.open(namespace)) {
            for (ListedLink link : reader.links().items()) {
                // A link without a kind is a real one; the kernel takes it back to the host when the namespace ends.
                if (!link.isLoopback() && !link.kind().isEmpty()) {
                    delete(links, link, lab);
                }
            }
        }
        List<String> processes = processes(namespaceFile);
        if (!processes.isEmpty()) {
            LOG.warn(
                    "lab={} processes that the lab did not start stay in its namespace, which has no name now: {}",
                    lab,
                    processes);
        }
    }

    private static void delete(RtNetlink links, ListedLink link, String lab) {
        try {
            LinkRequests.delete(links, link.index());
        } catch (NetlinkException failure) {
            // The other end of a veth pair goes with the first; the kernel's own devices of tunnels cannot be removed.
            LOG.debug("lab={} link={} could not be removed: {}", lab, link.name(), failure.getMessage());
        }
    }

    private static List<String> processes(Path namespaceFile) throws IOException {
        String inode = "net:[" + Files.getAttribute(namespaceFile, "unix:ino") + "]";
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                if (isIn(entry, inode)) {
                    found.add(String.valueOf(entry.getFileName()));
                }
            }
        }
        return found;
    }

    private static boolean isIn(Path process, String inode) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/net")).toString().equals(inode);
        } catch (IOException ended) {
            return false;
        }
    }
}
