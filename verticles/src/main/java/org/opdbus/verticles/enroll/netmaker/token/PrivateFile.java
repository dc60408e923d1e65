// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;
import org.opdbus.verticles.kernel.FileFacts;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * A file of secrets. The agent reads it only if it is a regular file that root or the agent's user owns, and that its group
 * and others can neither read nor change.
 */
public final class PrivateFile {
    private static final int BYTES_MAX = 65_536;

    private PrivateFile() {}

    /**
     * What the file holds, each byte as a character. Waits for the disk.
     *
     * @param content what belongs into it, for the message if it does not exist
     * @throws NetmakerException of this reason, with nothing of what is in the file
     */
    public static String read(Path file, String content, Reason reason) throws NetmakerException {
        return read(file, content, reason, true);
    }

    private static String read(Path file, String content, Reason reason, boolean wanted) throws NetmakerException {
        try (RegularFile open = RegularFile.open(file)) {
            requirePrivate(file, open.facts(), reason);
            open.requireAtMost(BYTES_MAX);
            return wanted ? new String(open.read(BYTES_MAX), StandardCharsets.ISO_8859_1) : "";
        } catch (NoSuchFileException missing) {
            throw new NetmakerException(
                    reason, file + " does not exist", "write " + content + " into it, with the mode 0600");
        } catch (IOException unreadable) {
            throw new NetmakerException(
                    reason,
                    "the agent cannot read " + unreadable.getMessage(),
                    "put a regular file of at most " + BYTES_MAX + " bytes in its place, with " + content);
        }
    }

    /**
     * Makes sure that the agent would read the file. Reads none of its content.
     *
     * @throws NetmakerException of this reason, if it would not
     */
    public static void check(Path file, String content, Reason reason) throws NetmakerException {
        read(file, content, reason, false);
    }

    private static void requirePrivate(Path file, FileFacts facts, Reason reason)
            throws IOException, NetmakerException {
        if ((facts.mode() & FileFacts.OTHERS) != 0) {
            throw new NetmakerException(
                    reason,
                    file + " is not used, because its group or others can read or change it",
                    "chmod 600 " + file + ", and treat what is in it as compromised: others may have read it");
        }
        Object ours = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (facts.uid() != 0 && !ours.equals(facts.uid())) {
            throw new NetmakerException(
                    reason,
                    file + " is not used, because it belongs to user " + Integer.toUnsignedString(facts.uid()),
                    "chown root " + file);
        }
    }
}
