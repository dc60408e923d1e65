// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The name of a process and its systemd unit, from {@code /proc} (proc(5)).
 *
 * @param process the name; a process can choose its own
 * @param unit the unit that the system's manager made. For a process in a group below it, which may be a unit of a user's
 *     manager, a slash and the last unit follow: a user can give such a group any name, but cannot change the first part
 */
public record ProcessOrigin(String process, String unit) {
    /** A process of which nothing is known. */
    public static final ProcessOrigin UNKNOWN = new ProcessOrigin("", "");

    /** The user ids stand in the first lines. */
    private static final int STATUS_BYTES = 2_048;

    private static final int NAME_BYTES_MAX = 256;
    /** A path for each of the hierarchies of version 1. */
    private static final int GROUPS_BYTES_MAX = 1 << 16;

    /**
     * Reads it; {@link #UNKNOWN} if there is no such process, if it ends meanwhile, or if it is not of this user, so that its
     * number once belonged to another process. Blocks.
     */
    public static ProcessOrigin of(long pid, long uid) {
        Path folder = Path.of("/proc", Long.toString(pid));
        try {
            Optional<String> started = started(pid);
            if (started.isEmpty() || !isOf(uid, ProcText.start(folder.resolve("status"), STATUS_BYTES))) {
                return UNKNOWN;
            }
            String name = ProcText.read(folder.resolve("comm"), NAME_BYTES_MAX);
            String groups = ProcText.read(folder.resolve("cgroup"), GROUPS_BYTES_MAX);
            return started.equals(started(pid)) ? new ProcessOrigin(utf8(name).strip(), unit(utf8(groups))) : UNKNOWN;
        } catch (IOException unreadable) {
            return UNKNOWN;
        }
    }

    private static Optional<String> started(long pid) {
        return ProcessStat.of(pid).filter(ProcessStat::isAlive).map(ProcessStat::started);
    }

    /** Returns whether one of the process's user ids, such as the real or the effective one, is this. */
    static boolean isOf(long uid, String status) {
        return status.lines()
                .filter(line -> line.startsWith("Uid:"))
                .flatMap(line -> Stream.of(line.split("\\s+", -1)))
                .anyMatch(Long.toString(uid)::equals);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Returns the unit from the lines of {@code /proc/PID/cgroup}; systemd's own hierarchy counts before the one of version 2. */
    static String unit(String groups) {
        return Stream.of("name=systemd", "")
                .flatMap(controllers -> groups.lines()
                        .map(line -> line.split(":", 3))
                        .filter(fields -> fields.length == 3 && fields[1].equals(controllers))
                        .map(fields -> unitOfPath(fields[2])))
                .filter(unit -> !unit.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String unitOfPath(String path) {
        List<String> elements = Stream.of(
                        path.substring(path.startsWith("/") ? 1 : 0).split("/", -1))
                // systemd puts an underscore before a name that could be a file of the kernel's.
                .map(element -> element.startsWith("_") ? element.substring(1) : element)
                .dropWhile(element -> element.endsWith(".slice"))
                .toList();
        // Without a unit below the slices, the group is not systemd's, and another program has chosen its name.
        if (elements.isEmpty() || !isUnit(elements.get(0))) {
            return "";
        }
        List<String> units = elements.stream().filter(ProcessOrigin::isUnit).toList();
        String last = units.get(units.size() - 1);
        return units.size() == 1 ? last : units.get(0) + "/" + last;
    }

    private static boolean isUnit(String element) {
        return element.endsWith(".service") || element.endsWith(".scope");
    }
}
