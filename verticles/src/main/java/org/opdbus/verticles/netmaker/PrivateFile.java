// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.opdbus.verticles.netmaker.NetmakerException.Reason;

/** A file of secrets. It is read only if nobody but its owner, who is root or the agent's user, can read or change it. */
final class PrivateFile {
    private static final int BYTES_MAX = 65_536;
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateFile() {}

    /**
     * What the file holds, each byte as a character. Waits for the disk.
     *
     * @param content what belongs into it, for the message if it does not exist
     * @throws NetmakerException of this reason, with nothing of what is in the file
     */
    static String read(Path file, String content, Reason reason) throws NetmakerException {
        try {
            requirePrivate(file, reason);
            if (Files.size(file) > BYTES_MAX) {
                throw new NetmakerException(
                        reason, file + " is longer than " + BYTES_MAX + " bytes", "keep nothing else in it");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw new NetmakerException(
                    reason, file + " does not exist", "write " + content + " into it, with the mode 0600");
        } catch (IOException unreadable) {
            throw new NetmakerException(
                    reason, file + " cannot be read: " + unreadable, "see that it is a file of ours");
        }
    }

    private static void requirePrivate(Path file, Reason reason) throws IOException, NetmakerException {
        if (!Files.isRegularFile(file) && Files.exists(file)) {
            throw new NetmakerException(reason, file + " is not a file", "put a file in its place");
        }
        if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
            throw new NetmakerException(
                    reason,
                    file + " is not used, because its group or others can read or change it",
                    "chmod 600 " + file + ", and take what is in it for known");
        }
        Object owner = Files.getAttribute(file, "unix:uid");
        Object ours = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!owner.equals(0) && !owner.equals(ours)) {
            throw new NetmakerException(
                    reason, file + " is not used, because it belongs to user " + owner, "chown root " + file);
        }
    }
}
