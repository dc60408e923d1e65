// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opdbus.verticles.kernel.ProcText;
import org.opdbus.verticles.kernel.ProcessStat;
import org.opdbus.verticles.vm.QemuProcess.HeldTap;

/**
 * The processes of qemu in {@code /proc}. Every call looks again; it blocks for some ten milliseconds for each thousand
 * processes of the host. Safe for use by any thread.
 *
 * <p>A process is qemu's if the program that it runs has that name; the name that the process shows can be another
 * ({@code -name process=}). Its descriptors and its command line are read up to a limit each.
 */
final class QemuProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
    private static final Pattern TAP = Pattern.compile("(?m)^iff:[ \\t]+(\\S{1,15})$");
    /** The device that a program opens to get a tap, wherever it is mounted. */
    private static final String DEVICE = "/tun";

    private static final int INFO_BYTES = 1_024;
    private static final int COMMAND_BYTES = 1 << 18;
    /** More than a machine has disks, queues and channels. */
    private static final int DESCRIPTORS_MAX = 16_384;

    /**
     * Returns all that hold a tap of this network namespace, the eldest first.
     *
     * @param known the numbers of processes that are left out
     */
    List<QemuProcess> scan(Set<Long> known) throws IOException {
        Path namespace = namespace("self");
        List<QemuProcess> found = new ArrayList<>();
        for (String process : processes()) {
            long pid = Long.parseLong(process);
            if (!known.contains(pid) && isQemu(programOf(process))) {
                read(pid, namespace).ifPresent(found::add);
            }
        }
        found.sort((one, other) -> {
            int order = Long.compareUnsigned(
                    Long.parseUnsignedLong(one.started()), Long.parseUnsignedLong(other.started()));
            return order != 0 ? order : Long.compare(one.pid(), other.pid());
        });
        return found;
    }

    /** Returns one of them; empty if it has ended or holds no tap of this network namespace. */
    Optional<QemuProcess> read(long pid) throws IOException {
        return read(pid, namespace("self"));
    }

    private static Optional<QemuProcess> read(long pid, Path namespace) throws IOException {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            ProcessStat before = ProcessStat.of(pid).orElseThrow(() -> new IOException(process + " cannot be read"));
            if (!before.isAlive() || !namespace.equals(namespace(Long.toString(pid)))) {
                return Optional.empty();
            }
            Map<Integer, String> descriptors = taps(process);
            if (descriptors.isEmpty()) {
                return Optional.empty();
            }
            QemuCommandLine command =
                    QemuCommandLine.parse(utf8(ProcText.start(process.resolve("cmdline"), COMMAND_BYTES)));
            List<HeldTap> taps = HeldTaps.of(descriptors, command.cards());
            return Optional.of(new QemuProcess(pid, before.started(), command.name(), taps));
        } catch (IOException e) {
            // Only the end of the process is an answer. Without a free file descriptor, say, there is none.
            boolean ended = Files.notExists(process)
                    || ProcessStat.of(pid).filter(stat -> !stat.isAlive()).isPresent();
            if (ended) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static List<String> processes() throws IOException {
        String[] entries = PROC.toFile().list();
        if (entries == null) {
            throw new IOException(PROC + " cannot be listed");
        }
        return Stream.of(entries)
                .filter(entry -> NUMBER.matcher(entry).matches())
                .toList();
    }

    /** A kernel thread has no program, and that of a process that ends cannot be read. */
    private static String programOf(String process) {
        String path = ProcText.target(PROC + "/" + process + "/exe");
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns whether a program of this name is an emulator of machines. */
    static boolean isQemu(String program) {
        return program.contains("qemu-system-")
                || program.contains("qemu-kvm")
                || program.matches("kvm( \\(deleted\\))?");
    }

    private static Map<Integer, String> taps(Path process) throws IOException {
        Map<Integer, String> taps = new TreeMap<>();
        String[] descriptors = process.resolve("fd").toFile().list();
        if (descriptors == null) {
            throw new IOException(process + " does not show its open files");
        }
        for (String descriptor : Arrays.asList(descriptors).subList(0, Math.min(descriptors.length, DESCRIPTORS_MAX))) {
            // Of a hundred open files one or two are taps, and to ask for the link costs a quarter of the other.
            if (ProcText.target(process + "/fd/" + descriptor).endsWith(DEVICE)) {
                Optional<String> tap = tapOf(process.resolve("fdinfo").resolve(descriptor));
                if (tap.isPresent()) {
                    taps.put(Integer.parseInt(descriptor), tap.get());
                }
            }
        }
        return taps;
    }

    private static Optional<String> tapOf(Path file) throws IOException {
        try {
            return tapIn(utf8(ProcText.start(file, INFO_BYTES)));
        } catch (NoSuchFileException closed) {
            return Optional.empty();
        }
    }

    /** Returns the name of the tap in the text of {@code /proc/PID/fdinfo/FD}; empty if the open file is none. */
    static Optional<String> tapIn(String info) {
        Matcher matcher = TAP.matcher(info);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Path namespace(String process) throws IOException {
        return Files.readSymbolicLink(PROC.resolve(process).resolve("ns/net"));
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
