// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.opdbus.verticles.lab.definition.LabRefusal;

/**
 * A disk image, looked at before qemu opens it. The header of a qcow2 image can name other files, which qemu would open as root and
 * show to the machine ({@code docs/interop/qcow2.txt} of qemu). So such a file must be an image in the same folder.
 *
 * @param format the format in qemu's words
 */
record DiskImage(Path file, String format) {
    private static final int QCOW2_MAGIC = 0x514649fb;
    private static final int BACKING_AT = 8;
    private static final int BACKING_LENGTH_AT = 16;
    private static final int FEATURES_AT = 72;
    private static final int QCOW2_HEADER_BYTES = 104;
    private static final long EXTERNAL_DATA = 4;
    private static final int BACKING_LENGTH_MAX = 1_023;
    private static final int CHAIN_MAX = 16;

    private static final int SECTOR_BYTES = 512;
    private static final int BOOT_SIGNATURE_AT = 510;
    private static final short BOOT_SIGNATURE = 0x55aa;
    private static final int CD_MARK_AT = 32_769;
    private static final String CD_MARK = "CD001";

    /**
     * Looks at a file.
     *
     * @param boots whether the machine shall boot from it, so that it must have a boot sector
     * @throws LabRefusal if it cannot be the disk of a machine
     */
    static DiskImage of(Path file, boolean boots) {
        return of(file, boots, 1);
    }

    private static DiskImage of(Path file, boolean boots, int depth) {
        requireReadable(file, "image");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (isQcow2(channel)) {
                checkQcow2(file, channel, depth);
                return new DiskImage(file, "qcow2");
            }
            requireRaw(file, channel, boots);
            return new DiskImage(file, "raw");
        } catch (IOException failure) {
            throw new LabRefusal(
                    "the image " + file + " cannot be read: " + failure.getMessage(), "check the file and its disk");
        }
    }

    /** Refuses a path at which there is no regular file that the agent can read. */
    static void requireReadable(Path file, String what) {
        if (!Files.exists(file)) {
            throw new LabRefusal("the " + what + " " + file + " is missing", "check the path");
        }
        if (!Files.isRegularFile(file)) {
            throw new LabRefusal("the " + what + " " + file + " is not a regular file", "name a file");
        }
        if (!Files.isReadable(file)) {
            throw new LabRefusal(
                    "the agent may not read the " + what + " " + file, "let root read it, or put a copy elsewhere");
        }
    }

    private static boolean isQcow2(FileChannel channel) throws IOException {
        ByteBuffer magic = read(channel, 0, Integer.BYTES);
        return magic.remaining() == Integer.BYTES && magic.getInt() == QCOW2_MAGIC;
    }

    private static void checkQcow2(Path file, FileChannel channel, int depth) throws IOException {
        ByteBuffer header = read(channel, 0, QCOW2_HEADER_BYTES);
        if (header.remaining() < FEATURES_AT) {
            throw noImage(file, "it ends in its header");
        }
        int version = header.getInt(Integer.BYTES);
        if (version == 3
                && header.remaining() >= FEATURES_AT + Long.BYTES
                && (header.getLong(FEATURES_AT) & EXTERNAL_DATA) != 0) {
            throw new LabRefusal("the image " + file + " keeps its data in another file", flatten(file));
        }
        long at = header.getLong(BACKING_AT);
        int length = header.getInt(BACKING_LENGTH_AT);
        if (at == 0) {
            return;
        }
        if (length < 1 || length > BACKING_LENGTH_MAX || at < 0) {
            throw noImage(file, "the name of the image below it is not whole");
        }
        String below = StandardCharsets.UTF_8.decode(read(channel, at, length)).toString();
        if (below.indexOf('/') >= 0 || below.indexOf(':') >= 0 || below.indexOf('\0') >= 0 || depth == CHAIN_MAX) {
            throw new LabRefusal(
                    "the image " + file + " stands on another image that is not in its own folder", flatten(file));
        }
        of(file.resolveSibling(below), false, depth + 1);
    }

    private static String flatten(Path file) {
        return "make one file of it: qemu-img convert -O qcow2 " + file + " whole.qcow2";
    }

    private static void requireRaw(Path file, FileChannel channel, boolean boots) throws IOException {
        if (channel.size() == 0 || channel.size() % SECTOR_BYTES != 0) {
            throw noImage(file, "it is no qcow2 image, and its length is no number of sectors");
        }
        ByteBuffer sector = read(channel, BOOT_SIGNATURE_AT, Short.BYTES);
        boolean bootable = sector.getShort() == BOOT_SIGNATURE
                || StandardCharsets.US_ASCII
                        .decode(read(channel, CD_MARK_AT, CD_MARK.length()))
                        .toString()
                        .equals(CD_MARK);
        if (boots && !bootable) {
            throw noImage(file, "it is no qcow2 image, and has no boot sector");
        }
    }

    private static LabRefusal noImage(Path file, String why) {
        return new LabRefusal(
                "the image " + file + " is not a disk image: " + why,
                "name a qcow2 or raw image; qemu-img convert makes one of other formats");
    }

    /** Returns the bytes there, or as many as there are. */
    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) {
            // The next read continues.
        }
        return bytes.flip();
    }
}
