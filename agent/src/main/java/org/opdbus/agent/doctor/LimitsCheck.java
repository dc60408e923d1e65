// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.agent.doctor.host.InotifyUse;

/**
 * Checks whether the agent may open enough files for the containers that run, and whether root has inotify instances and watches
 * left (getrlimit(2), inotify(7)). Hosts with many containers run out of all three.
 */
final class LimitsCheck implements Check {
    private static final String NAME = "limits";
    private static final String OPEN_FILES = "Max open files";

    /** The agent has about 70 files open without containers; callers and commands need some more. */
    private static final long FILES = 256;

    /** For each running container the agent has two files open, by which it hears that init and the monitor have exited. */
    private static final long FILES_OF_CONTAINER = 2;

    /** What the agent needs in order to start: instances, and watches beside one for each container. */
    private static final long ROOM_MIN = 16;

    /** The least value that the remedy recommends: the kernel's own is 128 instances. */
    private static final long INSTANCES = 1_024;

    private static final long WATCHES = 65_536;

    private static final int NUMBER_BYTES_MAX = 64;

    /** A limit of the kernel. */
    private record Sysctl(String name, String what, long used, long recommended) {
        Path file(HostSnapshot patient) {
            return patient.file("/proc/sys/fs/inotify/" + name);
        }
    }

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        List<CheckResult> findings = new ArrayList<>();
        List<String> fine = new ArrayList<>();
        try {
            files(patient, fine).ifPresent(findings::add);
            InotifyUse use = InotifyUse.below(patient.file("/proc"));
            inotify(patient, new Sysctl("max_user_instances", "instances", use.instances(), INSTANCES), ROOM_MIN, fine)
                    .ifPresent(findings::add);
            inotify(patient, new Sysctl("max_user_watches", "watches", use.watches(), WATCHES), room(patient), fine)
                    .ifPresent(findings::add);
        } catch (IOException | NumberFormatException e) {
            findings.add(CheckResult.warning(
                    NAME,
                    "cannot read the limits: " + e,
                    "doctor cannot say whether they suffice",
                    "run doctor as root"));
        }
        if (findings.isEmpty() && !fine.isEmpty()) {
            findings.add(CheckResult.ok(NAME, String.join(", ", fine)));
        }
        return findings;
    }

    /** The running agent's limit of open files; nothing if it cannot be told which process the agent is. */
    private static Optional<CheckResult> files(HostSnapshot patient, List<String> fine) throws IOException {
        Optional<String> pid = patient.agent().listens()
                ? LockHolder.of(patient, patient.config().ledger().dir())
                : Optional.empty();
        Optional<Path> process =
                pid.map(number -> patient.file("/proc/" + number)).filter(Files::isDirectory);
        if (process.isEmpty()) {
            return Optional.empty();
        }
        long limit = limit(process.get().resolve("limits"));
        long running = patient.agent().containers().stream()
                .filter(container -> !container.state().equals("stopped"))
                .count();
        long needed = FILES + FILES_OF_CONTAINER * running;
        if (limit < needed) {
            return Optional.of(CheckResult.problem(
                    NAME,
                    "the agent may open " + limit + " files, and needs " + needed + " for " + running
                            + " running containers",
                    "without a free file the agent notices neither starts nor ends of containers",
                    "systemctl edit op-dbus, write [Service] and LimitNOFILE=524288, then systemctl restart op-dbus:"
                            + " containers keep running"));
        }
        fine.add("the agent may open " + limit + " files");
        return Optional.empty();
    }

    /** The soft limit, the first number of its line (proc(5)). */
    private static long limit(Path limits) throws IOException {
        try (Stream<String> lines = Files.lines(limits)) {
            return lines.filter(line -> line.startsWith(OPEN_FILES))
                    .map(line -> line.substring(OPEN_FILES.length()).strip().split("\\s+", -1)[0])
                    .mapToLong(number -> number.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(number))
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        }
    }

    private static Optional<CheckResult> inotify(HostSnapshot patient, Sysctl limit, long room, List<String> fine)
            throws IOException {
        if (!Files.exists(limit.file(patient))) {
            return Optional.empty();
        }
        long max = number(limit.file(patient));
        long used = limit.used();
        String what = "root uses " + used + " of " + max + " inotify " + limit.what();
        boolean full = max - used < room;
        if (!full && used <= max - max / 4) {
            fine.add(what);
            return Optional.empty();
        }
        String name = "fs.inotify." + limit.name();
        long better = Math.max(limit.recommended(), 4 * Long.highestOneBit(used + room));
        String remedy = "sysctl -w " + name + "=" + better + "; to keep it: echo " + name + "=" + better
                + " > /etc/sysctl.d/60-" + limit.name() + ".conf";
        String why =
                "the agent and all containers of root share them: when none is left, the agent cannot begin to watch,"
                        + " and programs in containers fail with \"Too many open files\" or \"No space left on device\"";
        return Optional.of(
                full ? CheckResult.problem(NAME, what, why, remedy) : CheckResult.warning(NAME, what, why, remedy));
    }

    /**
     * Reads the number by one call: the kernel gives only the first digits to a reader that begins with a small buffer, as {@link
     * Files#readString} does with a file of no size.
     */
    private static long number(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Long.parseLong(new String(in.readNBytes(NUMBER_BYTES_MAX), StandardCharsets.US_ASCII).strip());
        }
    }

    /** The agent watches the folder of each container; one that runs has its watches already. */
    private static long room(HostSnapshot patient) throws IOException {
        Path containers = patient.config().lxc().path();
        if (patient.agent().listens() || !Files.isDirectory(containers)) {
            return ROOM_MIN;
        }
        long folders = ROOM_MIN;
        try (DirectoryStream<Path> each = Files.newDirectoryStream(containers)) {
            for (Path folder : each) {
                folders += Files.isDirectory(folder) ? 1 : 0;
            }
        }
        return folders;
    }
}
