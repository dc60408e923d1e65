// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;

/**
 * The folders in {@code lxc.path} by their names, each of which may be a container.
 *
 * @param ids the names that a container can have
 * @param leftOut the names that no container can have, because of a control character, or because this process cannot
 * write the name in the encoding of its locale; the agent ignores such a container
 */
public record ContainerFolders(List<ContainerId> ids, List<String> leftOut) {
    public ContainerFolders {
        ids = List.copyOf(ids);
        leftOut = List.copyOf(leftOut);
    }

    /** Returns the present ones; none if there is no such path. */
    public static ContainerFolders in(Path lxcPath) throws IOException {
        List<ContainerId> ids = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(lxcPath)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!Files.isDirectory(entry)) {
                    continue;
                }
                if (Kind.LXC.isId(name) && leadsTo(entry, lxcPath, name)) {
                    ids.add(new ContainerId(name));
                } else {
                    leftOut.add(name);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return new ContainerFolders(List.of(), List.of());
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        return new ContainerFolders(ids, leftOut);
    }

    /** Returns whether the name as text leads to the same bytes as the folder's name. */
    private static boolean leadsTo(Path entry, Path lxcPath, String name) {
        try {
            return lxcPath.resolve(name).equals(entry);
        } catch (InvalidPathException unmappable) {
            return false;
        }
    }
}
