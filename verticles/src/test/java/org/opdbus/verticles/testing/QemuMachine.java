// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A real process of qemu with taps in the test's network namespace. Its machine is emulated and never begins to run, so it costs
 * no processor time: for this host it is a machine like any other.
 */
public final class QemuMachine implements AutoCloseable {
    private final Process process;

    private QemuMachine(Process process) {
        this.process = process;
    }

    /** Starts one with a card on each of these taps; the first card's hardware address ends with 0, the next with 1. */
    public static QemuMachine start(String name, String... taps) {
        return start(List.of(), name, taps);
    }

    /**
     * Starts one.
     *
     * @param through a program such as {@code ip netns exec}, which becomes qemu
     */
    public static QemuMachine start(List<String> through, String name, String... taps) {
        Laboratory.require();
        List<String> command = new ArrayList<>(through);
        command.addAll(List.of("qemu-system-x86_64", "-machine", "q35,accel=tcg", "-m", "16", "-S", "-nodefaults"));
        command.addAll(List.of("-display", "none", "-monitor", "stdio", "-name", name + ",debug-threads=on"));
        for (int number = 0; number < taps.length; number++) {
            command.addAll(List.of("-netdev", netdev(number, taps[number])));
            command.addAll(List.of("-device", card(number)));
        }
        try {
            return new QemuMachine(new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run qemu; install qemu-system-x86", e);
        }
    }

    private static String netdev(int number, String tap) {
        return "tap,id=n" + number + ",ifname=" + tap + ",script=no,downscript=no";
    }

    private static String card(int number) {
        return "virtio-net-pci,romfile=,id=d" + number + ",netdev=n" + number + ",mac=" + mac(number);
    }

    /** Returns the hardware address of the machine's card with this number. */
    public static String mac(int number) {
        return "52:54:00:00:00:0" + number;
    }

    /** Plugs a card on a new tap into the machine. */
    public QemuMachine plug(int number, String tap) {
        return type("netdev_add " + netdev(number, tap));
    }

    /** Takes the tap of a card away. */
    public QemuMachine unplug(int number) {
        return type("netdev_del n" + number);
    }

    private QemuMachine type(String line) {
        try {
            OutputStream monitor = process.getOutputStream();
            monitor.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            monitor.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("qemu hears nothing any more", e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Kills it with SIGKILL, and waits until it has ended. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the end of qemu", e);
        }
    }
}
