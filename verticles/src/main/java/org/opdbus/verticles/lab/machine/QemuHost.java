// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the host offers to virtual machines. The kernel and the modules can change while the agent runs, so it is asked before each
 * start.
 *
 * @param architecture of the host, in qemu's words
 * @param kvm whether {@code /dev/kvm} can be opened
 * @param vhost whether {@code /dev/vhost-net} can be opened
 * @param seccomp whether the kernel filters system calls (seccomp(2)), which qemu's sandbox needs
 * @param memoryMb how much memory the host has, or 0 if that is unknown
 */
record QemuHost(String architecture, boolean kvm, boolean vhost, boolean seccomp, long memoryMb) {
    private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal:\\s+([0-9]{1,15}) kB$");

    static QemuHost look() {
        return new QemuHost(
                architecture(requireNonNullElse(System.getProperty("os.arch"), "")),
                opens(Path.of("/dev/kvm")),
                opens(Path.of("/dev/vhost-net")),
                text(Path.of("/proc/self/status")).contains("\nSeccomp:"),
                memory());
    }

    static String architecture(String java) {
        return switch (java) {
            case "amd64" -> "x86_64";
            case "ppc64le" -> "ppc64";
            default -> java;
        };
    }

    /** Returns the name of qemu's program for machines of the host's architecture. */
    String program() {
        return "qemu-system-" + architecture;
    }

    /** Returns the name of Debian's package that holds the program. */
    String debianPackage() {
        return switch (architecture) {
            case "x86_64" -> "qemu-system-x86";
            case "aarch64" -> "qemu-system-arm";
            case "ppc64" -> "qemu-system-ppc";
            default -> "qemu-system-misc";
        };
    }

    QemuHost withoutKvm() {
        return new QemuHost(architecture, false, vhost, seccomp, memoryMb);
    }

    private static boolean opens(Path device) {
        try (FileChannel opened = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return opened.isOpen();
        } catch (IOException absent) {
            return false;
        }
    }

    private static long memory() {
        Matcher line = MEMORY.matcher(text(Path.of("/proc/meminfo")));
        return line.find() ? Long.parseLong(line.group(1)) >> 10 : 0;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException absent) {
            return "";
        }
    }
}
