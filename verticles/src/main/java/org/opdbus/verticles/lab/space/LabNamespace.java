// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.kernel.RegularFile;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.LabFolders;

/**
 * The network namespace of a lab, made and named as ip-netns(8) does it. Only a thread that may block calls it. The file {@code
 * netns} in the lab's folder has the number of the namespace's inode: by it the lab's daemons are known to be in this one.
 */
final class LabNamespace {
    private static final int BYTES_MAX = 32;
    /** Without it, the kernel would speak on every link: router solicitations, reports of groups. Then lo is set up. */
    private static final String PREPARE = "for f in all default; do"
            + " [ ! -e /proc/sys/net/ipv6/conf/$f ] || echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6 || exit; done;"
            + " exec ip link set lo up";

    private final LabPrograms programs;
    private final String name;
    private final Path file;
    private final Path record;
    private final Path host = Path.of("/proc/self/ns/net");

    LabNamespace(LabFolders folders, String lab, LabPrograms programs) {
        this.programs = programs;
        name = LabNames.namespace(lab);
        file = folders.namespace(lab);
        record = folders.of(lab).resolve("netns");
    }

    /** Returns whether anything has its name. */
    boolean exists() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns whether the namespace is there, and is the one in which this lab's processes were started. */
    boolean isWhole() throws IOException {
        Optional<String> present = inode();
        return present.isPresent() && present.equals(recorded());
    }

    /** Refuses a namespace of this name, which is not the lab's. */
    void requireAbsent() {
        if (exists()) {
            throw new LabRefusal(
                    "there is a network namespace " + name + " that op-dbus did not make",
                    "use another name, or remove it if it is not needed: ip netns del " + name);
        }
    }

    /** Makes it, also where a killed agent made only a part; the lab has its mark. */
    void create() throws IOException, InterruptedException {
        if (exists() && inode().isEmpty()) {
            // ip-netns(8) makes the file first, and binds the namespace to it then.
            Files.delete(file);
        }
        if (!exists()) {
            programs.run(programs.ipNetns("add", name));
        }
        programs.run(List.of("nsenter", "--net=" + file, "--", "sh", "-c", PREPARE));
        Files.writeString(
                record, inode().orElseThrow(() -> new IOException("the namespace " + name + " is not visible here")));
    }

    /** Removes its name, and with it the namespace if no process is in it. */
    void delete() throws InterruptedException {
        if (!exists()) {
            return;
        }
        CommandResult result = programs.attempt(programs.ipNetns("del", name));
        if (exists()) {
            throw new LabRefusal(
                    "the network namespace " + name + " cannot be removed: " + result.said(),
                    "try again, or remove it: ip netns del " + name);
        }
    }

    /** Returns the number of the inode of the namespace that is bound to the file; empty if none is. */
    Optional<String> inode() throws IOException {
        if (!exists()) {
            return Optional.empty();
        }
        // Every namespace is in one file system of the kernel's; a file to which none is bound is in another one.
        boolean isNamespace = Files.getAttribute(file, "unix:dev").equals(Files.getAttribute(host, "unix:dev"));
        return isNamespace ? number(file) : Optional.empty();
    }

    /** Returns a path that leads to the namespace of this lab's processes, which may have lost its name; empty if it is gone. */
    Optional<Path> where(List<Long> pids) throws IOException {
        if (isWhole()) {
            return Optional.of(file);
        }
        Optional<String> recorded = recorded();
        return pids.stream()
                .map(pid -> Path.of("/proc", Long.toString(pid), "ns", "net"))
                .filter(path -> recorded.isPresent() && recorded.equals(number(path)))
                .findFirst();
    }

    private static Optional<String> number(Path namespace) {
        try {
            return Optional.of(Files.getAttribute(namespace, "unix:ino").toString());
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private Optional<String> recorded() throws IOException {
        return RegularFile.readIfExists(record, BYTES_MAX).map(text -> new String(text, StandardCharsets.US_ASCII));
    }
}
