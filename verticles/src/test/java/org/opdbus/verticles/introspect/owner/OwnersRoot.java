// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.verticles.files.HostFiles;

/** A host for the readers that look at files: its files below a folder, its links, and its ports. */
final class OwnersRoot {
    private final Path root;
    private final List<Link> links = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private Map<String, Map<String, String>> interfaceIds = Map.of();
    private Map<Integer, ContainerId> containers = Map.of();

    OwnersRoot(Path root) {
        this.root = root;
    }

    OwnersRoot file(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
        return this;
    }

    OwnersRoot link(String path, String target) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.resolveSibling(""));
        Files.createSymbolicLink(file, Path.of(target));
        return this;
    }

    /** Adds links with the indexes 1, 2, … in this order. */
    OwnersRoot links(String... names) {
        for (String name : names) {
            links.add(new Link(
                    links.size() + 1, new LinkName(name), List.of(), "veth", Optional.empty(), 0, -1, 0, true, true));
        }
        return this;
    }

    OwnersRoot port(String name, Map<String, String> ids) {
        ports.add(new Port(
                "uuid-of-" + name,
                name,
                "vmbr0",
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                ids,
                "",
                1,
                Optional.empty()));
        return this;
    }

    OwnersRoot interfaceIds(Map<String, Map<String, String>> ids) {
        interfaceIds = ids;
        return this;
    }

    OwnersRoot containers(Map<Integer, ContainerId> ids) {
        containers = ids;
        return this;
    }

    HostFiles files() {
        return new HostFiles(root);
    }

    HostLinks host() {
        return new HostLinks(links, ports, interfaceIds, containers);
    }

    /** Returns what these readers and the authors say; the machine may be slow at reading. */
    Ownership read(OwnershipReader... readers) {
        return read(Duration.ofMinutes(1), readers);
    }

    /** Returns the same within a limit. */
    Ownership read(Duration whole, OwnershipReader... readers) {
        OwnershipSources sources =
                new OwnershipSources(root, "unix:path=/nowhere", OwnershipSources.HOST.answer(), whole);
        try (OwnershipReaders all = new OwnershipReaders(List.of(readers), sources)) {
            Ownership[] found = new Ownership[1];
            if (!all.read(host())
                    .doOnSuccess(ownership -> found[0] = ownership)
                    .ignoreElement()
                    .blockingAwait(3, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the readers do not end");
            }
            return found[0];
        }
    }
}
