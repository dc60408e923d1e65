// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * The file {@code NAME.link} in a lab's folder: how a link of the host was before the lab took it.
 *
 * @param name its name on the host
 * @param mac its hardware address there, or empty
 * @param isUp whether it was up
 * @param inside its name in the lab
 */
record BorrowedLink(String name, String mac, boolean isUp, String inside) {
    private static final String SUFFIX = ".link";
    private static final int BYTES_MAX = 256;
    private static final int LINKS_MAX = 1_024;
    private static final Pattern TEXT = Pattern.compile("(up|down) (\\S{1,15}) ([0-9a-f:]{0,95})\n");

    static Optional<BorrowedLink> read(Path folder, String name) throws IOException {
        return RegularFile.readIfExists(folder.resolve(name + SUFFIX), BYTES_MAX)
                .map(bytes -> TEXT.matcher(new String(bytes, StandardCharsets.UTF_8)))
                .filter(Matcher::matches)
                .map(text -> new BorrowedLink(name, text.group(3), text.group(1).equals("up"), text.group(2)));
    }

    /** Returns the names of the links that have a record. */
    static List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (names.size() < LINKS_MAX) {
                    names.add(name.substring(0, name.length() - SUFFIX.length()));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return names.stream().sorted().toList();
    }

    /** Writes it at once as a whole. It need not survive a loss of power: then the link is on the host again. */
    void write(Path folder) throws IOException {
        Path part = folder.resolve(name + SUFFIX + ".new");
        Files.writeString(part, (isUp ? "up " : "down ") + inside + " " + mac + "\n");
        Files.move(
                part,
                folder.resolve(name + SUFFIX),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    static void delete(Path folder, String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name + SUFFIX));
    }
}
