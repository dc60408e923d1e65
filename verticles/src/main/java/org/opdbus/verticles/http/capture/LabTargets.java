// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.verticles.capture.CaptureOptions;
import org.opdbus.verticles.http.capture.CaptureQuery.Name;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The labs of this host, as their network namespaces show them. */
final class LabTargets {
    static final String LAB = "lab";

    private static final Logger LOG = LoggerFactory.getLogger(LabTargets.class);
    private static final Path NAMESPACES = Path.of("/run/netns");
    /** The namespace of a lab is called so, with the name of the lab behind it. */
    private static final String PREFIX = "cloonix_";

    private static final int LABS_MAX = 100;
    private static final int LOOPBACK = 1;

    private LabTargets() {}

    /** Returns the labs with their links, sorted by name. */
    static List<ListedTarget> find() {
        List<ListedTarget> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(NAMESPACES, PREFIX + "?*")) {
            for (Path file : files) {
                if (found.size() < LABS_MAX) {
                    String lab = file.getFileName().toString().substring(PREFIX.length());
                    links(lab, file).ifPresent(found::add);
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failure) {
            LOG.warn("the labs cannot be listed: {}", failure.toString());
        }
        found.sort(Comparator.comparing(target -> target.name().name()));
        return found;
    }

    /** Returns the namespace of a lab. */
    static Optional<Path> namespace(String lab) {
        return Optional.of(NAMESPACES.resolve(PREFIX + lab))
                .filter(file -> NAMESPACES.equals(file.normalize().getParent()) && Files.exists(file));
    }

    private static Optional<ListedTarget> links(String lab, Path file) {
        try (NetworkNamespace namespace = NetworkNamespace.at(file);
                RtNetlink kernel = RtNetlink.open(namespace)) {
            List<CaptureOptions.Port> ports = kernel.links().stream()
                    .filter(link -> link.index() != LOOPBACK)
                    .map(Link::name)
                    .sorted()
                    .map(name -> new CaptureOptions.Port(name.value(), "lab " + lab))
                    .toList();
            return ports.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new ListedTarget(new Name(LAB, lab), Optional.of(file), CaptureTargets.inode(file), ports));
        } catch (NetlinkException gone) {
            LOG.debug("the lab {} cannot be listed: {}", lab, gone.getMessage());
            return Optional.empty();
        }
    }
}
