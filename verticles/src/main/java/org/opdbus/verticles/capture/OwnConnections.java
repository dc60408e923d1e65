// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opdbus.verticles.kernel.connections.HeldSockets;
import org.opdbus.verticles.kernel.connections.ProcessChain;
import org.opdbus.verticles.kernel.connections.TcpTable;
import org.opdbus.verticles.kernel.connections.TcpTable.Connection;

/**
 * The TCP connections by which a capture may travel. For one on standard output they are those of this process and of the processes
 * that read its standard output, and those that the nearest ancestor with such has accepted, as sshd has. For one that a caller
 * gets over a connection it is that connection, and those of the process at its other end if that is on this host, as sshd and a
 * proxy are. For one thread.
 */
public final class OwnConnections {
    private static final Path PROC = Path.of("/proc");
    private static final Path OUTPUT = PROC.resolve("self/fd/1");
    private static final String PIPE = "pipe:";
    private static final int PROCESSES_MAX = 100_000;
    private static final int DESCRIPTORS_MAX = 4_096;
    private static final int CONNECTIONS_MAX = 32;

    private final List<Path> holders = new ArrayList<>();
    private final List<Path> ancestors = new ArrayList<>();

    private final Set<Connection> accepted = new LinkedHashSet<>();
    private Set<OwnConnections> together = Set.of();

    private OwnConnections() {}

    /** Returns the connections of a capture that leaves none out, because it is written to a file. */
    public static OwnConnections none() {
        return new OwnConnections();
    }

    /** Finds out which processes the capture goes through. */
    public static OwnConnections ofStandardOutput() throws IOException {
        OwnConnections made = new OwnConnections();
        long self = ProcessHandle.current().pid();
        made.holders.add(process(self));
        String output = Files.readSymbolicLink(OUTPUT).toString();
        if (output.startsWith(PIPE)) {
            made.addHolders(output, self);
        }
        ProcessChain.of(self).members().stream()
                .skip(1)
                .map(member -> process(member.pid()))
                .forEach(made.ancestors::add);
        return made;
    }

    /** Returns those of a capture that is sent over a connection which this process has accepted. */
    public static OwnConnections ofAccepted(Connection connection) throws IOException {
        OwnConnections made = new OwnConnections();
        made.accepted.add(connection);
        Connection otherEnd = connection.fromOtherEnd();
        for (Map.Entry<Long, Connection> each :
                TcpTable.read(PROC.resolve("self")).established().entrySet()) {
            if (each.getValue().equals(otherEnd)) {
                made.addHolders(
                        HeldSockets.nameOf(each.getKey()),
                        ProcessHandle.current().pid());
            }
        }
        return made;
    }

    /**
     * Returns those of several captures, each of which would otherwise capture the streams of the others, and so send more and more.
     *
     * @param captures those that are open at the moment; other threads may change the set
     */
    public static OwnConnections together(Set<OwnConnections> captures) {
        OwnConnections made = new OwnConnections();
        made.together = captures;
        return made;
    }

    private static Path process(long pid) {
        return PROC.resolve(Long.toString(pid));
    }

    /**
     * Adds the processes that hold a pipe or a socket. The shell has made the pipe of standard output, and started the readers or
     * will become one, before this program runs.
     */
    private void addHolders(String held, long self) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (++count > PROCESSES_MAX) {
                    return;
                }
                if (!process.equals(process(self)) && has(process, held)) {
                    holders.add(process);
                }
            }
        }
    }

    private static boolean has(Path process, String held) {
        int count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : open) {
                if (++count > DESCRIPTORS_MAX) {
                    return false;
                }
                if (Files.readSymbolicLink(descriptor).toString().equals(held)) {
                    return true;
                }
            }
        } catch (IOException ended) {
            return false;
        }
        return false;
    }

    /** Returns the present connections. */
    Set<Connection> find() throws IOException {
        Set<Connection> found = new LinkedHashSet<>(accepted);
        for (OwnConnections each : together) {
            found.addAll(each.find());
        }
        if (holders.isEmpty()) {
            return found;
        }
        TcpTable table = TcpTable.read(PROC.resolve("self"));
        holders.forEach(holder -> add(holder, table, false, found));
        for (Path ancestor : ancestors) {
            if (add(ancestor, table, true, found)) {
                break;
            }
        }
        return found;
    }

    private static boolean add(Path process, TcpTable table, boolean isAcceptedOnly, Set<Connection> found) {
        boolean isAny = false;
        for (long inode : HeldSockets.of(process)) {
            Connection connection = table.established().get(inode);
            if (connection != null
                    && found.size() < CONNECTIONS_MAX
                    && (!isAcceptedOnly
                            || table.listening().contains(connection.local().getPort()))) {
                found.add(connection);
                isAny = true;
            }
        }
        return isAny;
    }
}
