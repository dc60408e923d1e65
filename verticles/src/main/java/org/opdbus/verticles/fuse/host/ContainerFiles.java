// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.fuse.host.HostPicture.ShownContainer;
import org.opdbus.verticles.fuse.host.HostPicture.ShownLink;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.SymbolicLink;

/** The folder {@code containers}. */
final class ContainerFiles {
    /** The files of a container, in the order of {@link ShownContainer#texts}. */
    static final List<String> TEXTS = List.of("state", "reason", "veth", "bridge", "kind", "name");

    static final String LINKS_NAME = "links";
    /** The part of a container that is its folder of links. */
    static final int LINKS = 1;
    /** The part of a container for its first file. */
    static final int FIRST_TEXT = 2;

    private ContainerFiles() {}

    static Node.Folder folder(HostPicture picture) {
        NumberedMap<ShownContainer> containers = picture.containers();
        return new ListedFolder(
                FixedNode.CONTAINERS,
                picture.times().of(FixedNode.CONTAINERS),
                containers.size(),
                () -> containers.names().stream()
                        .flatMap(id -> FileName.of(id).stream())
                        .toList(),
                file -> FileName.nameOf(file).flatMap(containers::get).map(ContainerFiles::container));
    }

    static Optional<Node> part(HostPicture picture, NodeNumber number) {
        return picture.containers().get(number.object()).flatMap(container -> part(container, number.part()));
    }

    static Optional<Node> link(HostPicture picture, NodeNumber number) {
        return picture.containers()
                .get(number.containerOfLink())
                .flatMap(container -> container.links().values().stream()
                        .filter(link -> link.index() == number.linkIndex())
                        .findFirst()
                        .map(link -> link(container, link)));
    }

    static long id(ShownContainer container, int part) {
        return NodeNumber.part(Kind.CONTAINER, container.number(), part);
    }

    private static Optional<Node> part(ShownContainer container, int part) {
        if (part == NodeNumber.FOLDER) {
            return Optional.of(container(container));
        }
        if (part == LINKS) {
            return Optional.of(links(container));
        }
        int text = part - FIRST_TEXT;
        return text < TEXTS.size()
                ? Optional.of(PlainFile.line(
                        id(container, part),
                        container.times().get(text),
                        container.texts().get(text)))
                : Optional.empty();
    }

    private static Node.Folder container(ShownContainer container) {
        List<String> names = new ArrayList<>(TEXTS);
        names.add(LINKS_NAME);
        return new ListedFolder(
                id(container, NodeNumber.FOLDER),
                // The entries stay the same as long as there is the container; its oldest text is nearly as old.
                container.times().stream().min(Comparator.naturalOrder()).orElseThrow(),
                1,
                () -> names,
                name -> {
                    int text = TEXTS.indexOf(name);
                    return name.equals(LINKS_NAME)
                            ? Optional.of(links(container))
                            : text < 0 ? Optional.empty() : part(container, FIRST_TEXT + text);
                });
    }

    private static Node.Folder links(ShownContainer container) {
        Map<String, ShownLink> links = container.links();
        return new ListedFolder(
                id(container, LINKS),
                container.linksModified(),
                0,
                () -> links.keySet().stream()
                        .flatMap(name -> FileName.of(name).stream())
                        .toList(),
                file -> FileName.nameOf(file)
                        .flatMap(name -> Optional.ofNullable(links.get(name)))
                        .map(link -> link(container, link)));
    }

    private static SymbolicLink link(ShownContainer container, ShownLink link) {
        return new SymbolicLink(NodeNumber.link(container.number(), link.index()), link.modified(), link.target());
    }
}
