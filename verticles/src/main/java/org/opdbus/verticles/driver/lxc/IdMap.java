// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;

/**
 * The users and groups of the host that an unprivileged container uses: those that subuid(5) gives to root.
 *
 * @param users first number and count
 * @param groups first number and count
 */
record IdMap(Range users, Range groups) {
    /** Fewer would leave users of common systems (nobody: 65534) without a number. */
    private static final long COUNT_MIN = 65_536;

    record Range(long first, long count) {}

    /**
     * Reads root's ranges.
     *
     * @param folder {@code /etc}
     */
    static IdMap read(Path folder) throws DriverException {
        return new IdMap(range(folder.resolve("subuid")), range(folder.resolve("subgid")));
    }

    /** Returns the values of {@code lxc.idmap}. */
    List<String> lines() {
        return List.of("u 0 " + users.first + " " + COUNT_MIN, "g 0 " + groups.first + " " + COUNT_MIN);
    }

    private static Range range(Path file) throws DriverException {
        try {
            return rangeIn(Files.readAllLines(file)).orElseThrow(() -> none(file, null));
        } catch (IOException unreadable) {
            throw none(file, unreadable);
        }
    }

    /** Returns the first range of root's that is large enough; lines of another form are not its. */
    static Optional<Range> rangeIn(List<String> lines) {
        return lines.stream().map(IdMap::rangeOfRoot).flatMap(Optional::stream).findFirst();
    }

    private static Optional<Range> rangeOfRoot(String line) {
        String[] fields = line.strip().split(":", -1);
        boolean isRoots = fields.length == 3 && (fields[0].equals("root") || fields[0].equals("0"));
        if (!isRoots || !fields[1].matches("[0-9]{1,10}") || !fields[2].matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        Range range = new Range(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
        return range.count >= COUNT_MIN ? Optional.of(range) : Optional.empty();
    }

    private static DriverException none(Path file, @Nullable IOException cause) {
        String message = "an unprivileged container needs " + COUNT_MIN + " numbers of its own, and " + file
                + " gives root none";
        String remedy = "add the line root:100000:65536 to " + file;
        return cause == null
                ? new DriverException(Reason.INVALID, message, remedy)
                : new DriverException(Reason.INVALID, message, remedy, cause);
    }
}
