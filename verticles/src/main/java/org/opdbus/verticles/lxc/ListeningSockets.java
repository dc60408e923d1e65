// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The command sockets with a listener in this network namespace, from one read of /proc/net/unix,
 * proc(5).
 */
final class ListeningSockets {
    private static final Pattern INODE = Pattern.compile("[0-9]{1,18}");
    private static final Path PROC = Path.of("/proc/net/unix");
    /** __SO_ACCEPTCON: listen(2) was called. */
    private static final String LISTENING = "00010000";
    /** The fields before the name: number, reference count, protocol, flags, type, state, inode. */
    private static final int FIELDS = 7;

    private ListeningSockets() {}

    /** Reads the command sockets of this network namespace; the cost grows with the number of all unix sockets. */
    interface Table {
        /** Returns their names without the leading zero, and their inodes. */
        Map<String, Long> read() throws IOException;
    }

    /** Returns their names without the leading zero, and their inodes. */
    static Map<String, Long> read() throws IOException {
        // Read line by line, because any user can make the table as long as the limit of file
        // descriptors allows.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(PROC), StandardCharsets.UTF_8))) {
            return parse(lines.lines());
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    static Map<String, Long> parse(Stream<String> table) {
        Map<String, Long> inodes = new LinkedHashMap<>();
        table.forEach(line -> {
            if (CommandName.isCommandSocket(line)) {
                String[] fields = line.strip().split(" +", FIELDS + 1);
                // The kernel shows a name unchanged. Any user can choose a name with a line feed,
                // which makes a line of its own with any content.
                if (fields.length > FIELDS
                        && fields[3].equals(LISTENING)
                        && INODE.matcher(fields[FIELDS - 1]).matches()
                        && fields[FIELDS].startsWith("@")) {
                    inodes.put(fields[FIELDS].substring(1), Long.parseLong(fields[FIELDS - 1]));
                }
            }
        });
        return inodes;
    }
}
