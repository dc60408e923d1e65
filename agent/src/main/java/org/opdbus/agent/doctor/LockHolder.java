// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the process that writes the ledger, by the lock that it holds: to try the lock would be to take it. */
final class LockHolder {
    private LockHolder() {}

    /** Returns the number of the process that holds the lock of the ledger in this folder, if one does. */
    static Optional<String> of(HostSnapshot patient, Path ledger) throws IOException {
        Path lock = ledger.resolve("lock");
        if (!Files.exists(lock)) {
            return Optional.empty();
        }
        Object inode = Files.getAttribute(lock, "unix:ino");
        try (Stream<String> lines = Files.lines(patient.file("/proc/locks"))) {
            // "1: POSIX  ADVISORY  WRITE 1234 fe:01:5678 0 EOF" (proc(5)); a blocked one begins with "->".
            return lines.map(line -> line.split("\\s+"))
                    .filter(words -> words.length > 5 && words[3].equals("WRITE") && words[5].endsWith(":" + inode))
                    .findFirst()
                    .map(words -> words[4]);
        }
    }
}
