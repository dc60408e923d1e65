// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Kvm;

/** The small machine that {@code deploy/lab/machine-image} makes, and its console. */
public final class SmallMachine {
    private static final int MEMORY_MB = 128;
    private static final int OUTPUT_MAX = 1 << 20;

    private SmallMachine() {}

    /** Returns an item with one endpoint, whose machine has this address. */
    static LabItem item(String name, int id, String address) {
        return item(name, id, address, Optional.empty());
    }

    static LabItem item(String name, int id, String address, Optional<String> image) {
        Kvm kvm = new Kvm(
                MEMORY_MB,
                1,
                image,
                Optional.of(file("vmlinuz")),
                Optional.of(file("initrd")),
                "console=ttyS0 quiet lab.eth0=" + address);
        return item(name, id, kvm, 1);
    }

    static LabItem item(String name, int id, Kvm kvm, int endpoints) {
        List<LabEndpoint> all = new ArrayList<>();
        for (int number = 0; number < endpoints; number++) {
            all.add(EmptyLab.endpoint(id, number));
        }
        return new LabItem(name, id, kvm, all);
    }

    /** Returns the command that adds such a machine to a lab. */
    public static String command(String name, String address, String endpoints) {
        return "add kvm " + name + " eth=" + endpoints + " ram=" + MEMORY_MB + " kernel=" + file("vmlinuz") + " initrd="
                + file("initrd") + " \"append=console=ttyS0 quiet lab.eth0=" + address + "\"";
    }

    private static String file(String name) {
        String cache = Objects.requireNonNullElse(System.getenv("OP_DBUS_CACHE"), "/var/cache/op-dbus-package-test");
        Path file = Path.of(cache, "machine", name);
        if (!Files.isRegularFile(file)) {
            throw new AssertionError(file + " is missing; deploy/lab/machine-image makes it");
        }
        return file.toString();
    }

    /** Types a line on a console, when a shell is there, and returns what is shown from then on until it has this text. */
    static String type(Path console, String line, String until) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(console));
            // What is typed before the shell has begun is lost, but then the shell shows its prompt by itself.
            write(channel, "");
            read(channel, "/ #");
            write(channel, line);
            return read(channel, until);
        }
    }

    private static void write(SocketChannel channel, String line) throws IOException {
        channel.write(StandardCharsets.US_ASCII.encode(line + "\n"));
    }

    private static String read(SocketChannel channel, String until) throws IOException {
        StringBuilder shown = new StringBuilder();
        ByteBuffer bytes = ByteBuffer.allocate(4_096);
        while (shown.indexOf(until) < 0 && shown.length() < OUTPUT_MAX && channel.read(bytes.clear()) >= 0) {
            shown.append(StandardCharsets.ISO_8859_1.decode(bytes.flip()));
        }
        return shown.toString();
    }
}
