// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * The files of a lab's machines of one kind, in the folder that goes when the lab is stopped: what a later agent must know of them.
 * An item has the file {@code KIND-ID.item}, with a few lines.
 */
final class MachineFiles {
    private static final int ITEMS_MAX = 1_000;
    private static final int BYTES_MAX = 4_096;
    private static final int SAID_MAX = 500;
    private static final int LOG_BYTES_MAX = 1 << 22;

    private final Path folder;
    private final String kind;
    private final Pattern itemName;

    /**
     * Creates them.
     *
     * @param folder the lab's folder
     * @param kind the word for the kind of machine
     */
    MachineFiles(Path folder, String kind) {
        this.folder = folder;
        this.kind = kind;
        itemName = Pattern.compile(Pattern.quote(kind) + "-([0-9]{1,3})\\.item");
    }

    /** Returns the role of an item's process. */
    String role(int id) {
        return kind + "-" + id;
    }

    /** Returns the socket on which qemu takes commands. */
    Path monitor(int id) {
        return folder.resolve(role(id) + ".monitor");
    }

    /** Returns the socket that is the machine's serial console. */
    Path console(int id) {
        return folder.resolve(role(id) + ".console");
    }

    /** Returns the file in which is the process that starts an item's container, as long as that process runs. */
    Path starter(int id) {
        return folder.resolve(role(id) + ".starter");
    }

    private Path item(int id) {
        return folder.resolve(role(id) + ".item");
    }

    /** Writes the lines of an item, all of them or none. */
    void write(int id, String... lines) throws IOException {
        Path part = folder.resolve(role(id) + ".new");
        Files.writeString(part, String.join("\n", lines) + "\n");
        Files.move(part, item(id), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the lines of an item; empty if it has no file. */
    Optional<String[]> read(int id) throws IOException {
        return RegularFile.readIfExists(item(id), BYTES_MAX)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).split("\n", -1));
    }

    /** Returns the lines of each item that has a file, by its number. */
    Map<Integer, String[]> all() throws IOException {
        Map<Integer, String[]> all = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, kind + "-*.item")) {
            for (Path file : files) {
                Matcher name = itemName.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && all.size() < ITEMS_MAX) {
                    int id = Integer.parseInt(name.group(1));
                    read(id).ifPresent(lines -> all.put(id, lines));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return Map.of();
        }
        return all;
    }

    /** Removes the sockets of an item whose process has ended: qemu may not remove them any more. */
    void removeSockets(int id) throws IOException {
        Files.deleteIfExists(monitor(id));
        Files.deleteIfExists(console(id));
    }

    void remove(int id) throws IOException {
        Files.deleteIfExists(starter(id));
        Files.deleteIfExists(item(id));
    }

    /** Returns the end of what an item's process has said, in one line for people; empty if it said nothing. */
    String said(int id) {
        try {
            String log = RegularFile.readIfExists(folder.resolve(role(id) + ".log"), LOG_BYTES_MAX)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElse("");
            String line = log.replaceAll("[\\p{Cntrl}]+", " ").strip();
            return line.substring(Math.max(0, line.length() - SAID_MAX));
        } catch (IOException unreadable) {
            return "";
        }
    }
}
