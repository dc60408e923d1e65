// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

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
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.kernel.RegularFile;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;

/**
 * The file {@code ID.line}, by which the agent tells the process of a lab's lines what a line shall do. It is replaced as a whole, so a
 * reader sees all of it or none.
 *
 * @param token differs for each order, so that an answer belongs to one order
 */
public record LineOrder(String token, A2b line) {
    private static final String SUFFIX = ".line";
    private static final int BYTES_MAX = 128;
    private static final int LINES_MAX = 1_000;
    private static final Pattern TEXT =
            Pattern.compile("([0-9a-f]{1,16}) delay=([0-9]{1,9})ms loss=([0-9]{1,5})/10000 rate=([0-9]{1,12})kbit\n");

    /** Returns a new order for a line. */
    public static LineOrder of(A2b line) {
        return new LineOrder(Long.toHexString(ThreadLocalRandom.current().nextLong()), line);
    }

    static LineOrder parse(String text) throws IOException {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IOException("no order for a line: " + text);
        }
        A2b line = new A2b(
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                Long.parseLong(matcher.group(4)));
        return new LineOrder(matcher.group(1), line);
    }

    String text() {
        return token + " delay=" + line.delayMs() + "ms loss=" + line.lossPer10000() + "/10000 rate=" + line.rateKbit()
                + "kbit\n";
    }

    /** Reads the order for a line; empty if there is none. */
    public static Optional<LineOrder> read(Path folder, int id) throws IOException {
        Optional<byte[]> bytes = RegularFile.readIfExists(file(folder, id), BYTES_MAX);
        return bytes.isPresent()
                ? Optional.of(parse(new String(bytes.get(), StandardCharsets.US_ASCII)))
                : Optional.empty();
    }

    /** Returns the numbers of the lines that have an order. */
    public static List<Integer> ids(Path folder) throws IOException {
        List<Integer> ids = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                String id = name.substring(0, name.length() - SUFFIX.length());
                if (ids.size() < LINES_MAX && id.matches("[0-9]{1,9}")) {
                    ids.add(Integer.valueOf(id));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return ids;
    }

    /** Gives the order. */
    public void write(Path folder, int id) throws IOException {
        replace(file(folder, id), text());
    }

    /** Takes an order back. */
    public static void remove(Path folder, int id) throws IOException {
        Files.deleteIfExists(file(folder, id));
    }

    private static Path file(Path folder, int id) {
        return folder.resolve(id + SUFFIX);
    }

    /** Writes a file at once as a whole. It need not survive a loss of power. */
    static void replace(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
