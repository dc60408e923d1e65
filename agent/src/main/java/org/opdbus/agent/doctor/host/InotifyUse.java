// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How many inotify instances and watches root has (inotify(7)). The kernel limits both by user, and those of a user namespace
 * count for its owner as well. So what runs in the containers of root, privileged or not, shares root's limits with the agent.
 *
 * @param instances the number of instances
 * @param watches the number of watches of all of them
 */
public record InotifyUse(long instances, long watches) {
    private static final String INSTANCE = "anon_inode:inotify";
    private static final String WATCH = "inotify ";

    /** Processes of the host's own users have these, and have limits of their own; root and containers have others. */
    private static final int OWN_UID_MIN = 1;

    private static final int OWN_UID_MAX = 65_535;

    /** Counts what the processes have open that this user may look at. */
    public static InotifyUse below(Path proc) throws IOException {
        long instances = 0;
        long watches = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                InotifyUse use = of(process);
                instances += use.instances;
                watches += use.watches;
            }
        }
        return new InotifyUse(instances, watches);
    }

    private static InotifyUse of(Path process) {
        long instances = 0;
        long watches = 0;
        try {
            int uid = (Integer) Files.getAttribute(process, "unix:uid");
            if (uid >= OWN_UID_MIN && uid <= OWN_UID_MAX) {
                return new InotifyUse(0, 0);
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
                for (Path file : files) {
                    if (isInstance(file)) {
                        instances++;
                        watches += watches(process.resolve("fdinfo").resolve(file.getFileName()));
                    }
                }
            }
        } catch (IOException endedOrNotAllowed) {
            // What was counted until then counts.
        }
        return new InotifyUse(instances, watches);
    }

    private static boolean isInstance(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().equals(INSTANCE);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static long watches(Path description) throws IOException {
        try (Stream<String> lines = Files.lines(description)) {
            return lines.filter(line -> line.startsWith(WATCH)).count();
        }
    }
}
