// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads which file systems are mounted where, in the namespace of this process: {@code /proc/self/mountinfo}, proc(5). */
public final class MountTable {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT_AT = 4;
    private static final int FIELDS_MIN = 6;

    private MountTable() {}

    /**
     * One mount.
     *
     * @param id its number, which no other mount has at the same time
     * @param device the number of its file system, "major:minor"
     * @param type the type of its file system
     */
    public record Mount(int id, String device, String type) {}

    /** Returns the mount that a user of this path sees: the last one there; empty if the path is no mount point. */
    public static Optional<Mount> at(Path path) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(TABLE, StandardCharsets.UTF_8)) {
            Optional<Mount> last = Optional.empty();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<Mount> mount = parse(line, path.toString());
                last = mount.isPresent() ? mount : last;
            }
            return last;
        }
    }

    /** Returns the mount that this line is about, if it is at the path. */
    static Optional<Mount> parse(String line, String path) {
        List<String> fields = List.of(line.split(" ", -1));
        int dash = fields.indexOf("-");
        if (dash < FIELDS_MIN
                || dash + 1 >= fields.size()
                || !fields.get(MOUNT_POINT_AT).equals(escape(path))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mount(Integer.parseInt(fields.get(0)), fields.get(2), fields.get(dash + 1)));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    /** Returns the path as the table has it: a blank, a tab, a line break and a backslash are three octal digits there. */
    public static String escape(String path) {
        return path.replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
