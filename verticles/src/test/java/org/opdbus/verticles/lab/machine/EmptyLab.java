// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;

/** The namespace and the folder of a lab, without a switch. The folder ends with the laboratory. */
final class EmptyLab implements AutoCloseable {
    static final String LAB = "t";
    static final String NAMESPACE = "cloonix_t";

    private final LabFolders folders;

    EmptyLab() {
        Laboratory.require();
        try {
            folders = LabFolders.below(Files.createTempDirectory("op-dbus-lab-"));
            Files.createDirectories(folders.of(LAB));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Links.ip("netns", "add", NAMESPACE);
    }

    LabFolders folders() {
        return folders;
    }

    /** Returns a file of the lab. */
    Path file(String name) {
        return folders.of(LAB).resolve(name);
    }

    /** Puts links of the lab on a bridge, {@code lan}. */
    static void join(String... links) {
        Links.batchInside(
                NAMESPACE,
                Stream.concat(
                                Stream.of("link add lan type bridge", "link set lan up"),
                                Stream.of(links).map(link -> "link set " + link + " master lan"))
                        .toList());
    }

    /** Returns an endpoint of an item with this number. */
    static LabEndpoint endpoint(int item, int number) {
        return new LabEndpoint(number, false, String.format("02:00:00:00:%02x:%02x", item, number), Optional.empty());
    }

    @Override
    public void close() {
        Links.ip("netns", "del", NAMESPACE);
    }
}
