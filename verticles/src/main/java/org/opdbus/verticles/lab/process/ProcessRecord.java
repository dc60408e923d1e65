// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.kernel.ProcessStat;
import org.opdbus.verticles.kernel.ProcessWatch;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * The file {@code ROLE.pid} of a process of a lab: its number, and when it was started in the kernel's ticks since the boot. Both
 * together belong to one process.
 */
record ProcessRecord(long pid, String started) {
    private static final String SUFFIX = ".pid";
    private static final int BYTES_MAX = 64;
    private static final int ROLES_MAX = 4_096;
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,10}) ([0-9]{1,20})\n");

    /** Returns the record of a process that was just started. */
    static ProcessRecord of(long pid) throws IOException {
        return ProcessStat.of(pid)
                .map(stat -> new ProcessRecord(pid, stat.started()))
                .orElseThrow(() -> new IOException("process " + pid + " ended at once"));
    }

    static Path file(Path folder, String role) {
        return folder.resolve(role + SUFFIX);
    }

    /** Reads a record; empty if there is none, or if the file is not one. */
    static Optional<ProcessRecord> read(Path folder, String role) throws IOException {
        return RegularFile.readIfExists(file(folder, role), BYTES_MAX)
                .map(bytes -> TEXT.matcher(new String(bytes, StandardCharsets.US_ASCII)))
                .filter(Matcher::matches)
                .map(text -> new ProcessRecord(Long.parseLong(text.group(1)), text.group(2)));
    }

    /** Returns the roles that have a record, whether or not their processes run. */
    static List<String> roles(Path folder) throws IOException {
        List<String> roles = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (roles.size() < ROLES_MAX) {
                    roles.add(name.substring(0, name.length() - SUFFIX.length()));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return roles;
    }

    /** Writes it at once as a whole: a reader sees it or does not. It need not survive a loss of power. */
    void write(Path folder, String role) throws IOException {
        Path whole = file(folder, role);
        Path part = folder.resolve(role + SUFFIX + ".new");
        Files.writeString(part, pid + " " + started + "\n");
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    boolean isAlive() {
        return ProcessStat.of(pid)
                .filter(stat -> stat.isAlive() && stat.started().equals(started))
                .isPresent();
    }

    /** Begins to watch exactly this process; empty if it has ended. The caller closes the watch. */
    Optional<ProcessWatch> watch() throws IOException {
        Optional<ProcessWatch> watch = ProcessWatch.of(pid);
        // Now that the number is held, its process can be compared without a race.
        if (watch.isPresent() && !isAlive()) {
            watch.get().close();
            return Optional.empty();
        }
        return watch;
    }
}
