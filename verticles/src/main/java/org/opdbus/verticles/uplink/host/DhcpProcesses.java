// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.kernel.ProcText;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;

/**
 * The DHCP clients that root runs in this network namespace as programs of their own (proc(5)). The clients within NetworkManager and
 * systemd-networkd are not processes; who owns a link tells of them.
 */
final class DhcpProcesses {
    private static final Set<String> PROGRAMS = Set.of("dhclient", "dhcpcd", "udhcpc", "udhcpc6", "dhcp6c", "pump");
    private static final int NAME_BYTES_MAX = 64;
    private static final int ARGUMENTS_BYTES_MAX = 65_536;

    private final Path proc;

    DhcpProcesses(Path root) {
        proc = root.resolve("proc");
    }

    /**
     * Returns the clients.
     *
     * @param troubles gets a sentence for each client whose arguments cannot be read, and one if the processes cannot be listed
     */
    List<DhcpClient> find(List<String> troubles) {
        List<DhcpClient> clients = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[1-9]*")) {
            for (Path process : processes) {
                program(process).ifPresent(program -> take(process, program, clients, troubles));
            }
        } catch (IOException | DirectoryIteratorException e) {
            troubles.add("the DHCP clients cannot be found, because " + proc + " cannot be listed: " + e.getMessage());
        }
        return clients;
    }

    private Optional<String> program(Path process) {
        try {
            String name =
                    ProcText.start(process.resolve("comm"), NAME_BYTES_MAX).strip();
            return PROGRAMS.contains(name) && isOfRoot(process) && isHere(process)
                    ? Optional.of(name)
                    : Optional.empty();
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /** Any user can give a process this name and these arguments, which become those of a program that root starts. */
    private static boolean isOfRoot(Path process) throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(process, "unix:uid"));
    }

    /** A container's client has a network namespace of its own. */
    private boolean isHere(Path process) throws IOException {
        Path own = Files.readSymbolicLink(proc.resolve("thread-self/ns/net"));
        return Files.readSymbolicLink(process.resolve("ns/net")).equals(own);
    }

    private static void take(Path process, String program, List<DhcpClient> clients, List<String> troubles) {
        try {
            String text = ProcText.read(process.resolve("cmdline"), ARGUMENTS_BYTES_MAX);
            List<String> words = List.of(text.split("\0", -1));
            // Each word ends with a zero, so nothing follows the last one.
            List<String> arguments = words.size() > 2 ? words.subList(1, words.size() - 1) : List.of();
            clients.add(
                    new DhcpClient(program, Long.parseLong(process.getFileName().toString()), arguments));
        } catch (IOException e) {
            if (Files.exists(process)) {
                troubles.add("the arguments of the DHCP client " + process + " cannot be read: " + e.getMessage());
            }
        }
    }

    /**
     * Returns whether a client serves a link. One that names no link of this host serves all of them; the helpers of dhcpcd, which
     * its main process starts, count as well as it does.
     *
     * @param names the names of all links
     */
    static boolean serves(DhcpClient client, String link, Set<String> names) {
        boolean namesAny = false;
        for (String argument : client.arguments()) {
            for (String word : argument.split(" ", -1)) {
                String name = word.startsWith("-i") && word.length() > 2 ? word.substring(2) : word;
                if (name.equals(link)) {
                    return true;
                }
                namesAny |= names.contains(name);
            }
        }
        return !namesAny;
    }
}
