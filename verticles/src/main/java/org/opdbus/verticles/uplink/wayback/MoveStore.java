// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.opdbus.verticles.files.AtomicFile;
import org.opdbus.verticles.files.RecordJson;
import org.opdbus.verticles.kernel.RegularFile;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/** Reads and writes files in the folder of moves, durably and with limits. */
final class MoveStore {
    /** The text of every file that a move writes, twice, and its routes. */
    private static final int PLAN_BYTES_MAX = 4 << 20;

    private static final int ENTRIES_MAX = 1_000;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private MoveStore() {}

    /** Makes a folder, and those above it, if it is not there. */
    static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder, OWNER_ONLY_FOLDER);
            sync(folder.resolveSibling(""));
        }
    }

    /** Writes a new file, and returns when its content is on disk. */
    static void write(Path file, byte[] content) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, OWNER_ONLY)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Returns when the names in a folder are on disk. */
    static void sync(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Gives a folder another name, durably. */
    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(to.resolveSibling(""));
        sync(from.resolveSibling(""));
    }

    /** Removes a folder of a move with what is in it. */
    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder, 3)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Returns what is in a folder, sorted by name; empty if there is no such folder. */
    static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.limit(ENTRIES_MAX).sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** Returns a plan as text. */
    static byte[] encode(UplinkPlan plan) throws IOException {
        byte[] text = (RecordJson.write(plan).encodePrettily() + "\n").getBytes(StandardCharsets.UTF_8);
        if (text.length > PLAN_BYTES_MAX) {
            throw new IOException(
                    "the plan has " + text.length + " bytes; more than " + PLAN_BYTES_MAX + " are not kept");
        }
        return text;
    }

    /** Reads a plan; empty if there is no such file. */
    static Optional<UplinkPlan> plan(Path file) throws IOException {
        Optional<byte[]> bytes = RegularFile.readIfExists(file, PLAN_BYTES_MAX);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            String text = new String(bytes.get(), StandardCharsets.UTF_8);
            return Optional.of(RecordJson.read(UplinkPlan.class, new JsonObject(text)));
        } catch (RuntimeException damaged) {
            throw new FileSystemException(file.toString(), null, "is not a plan of a move: " + damaged.getMessage());
        }
    }

    /** Replaces the plan that is kept for a link. */
    static void keep(Path file, UplinkPlan plan) throws IOException {
        makeFolder(file.resolveSibling(""));
        AtomicFile.replace(file, encode(plan));
    }
}
