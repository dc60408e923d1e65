// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.connections;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The TCP connections of a network namespace, as {@code /proc/PID/net/tcp} and {@code tcp6} list them (proc(5)).
 *
 * @param established by the number of the socket's inode
 * @param listening the ports on which a process listens
 */
public record TcpTable(Map<Long, Connection> established, Set<Integer> listening) {
    /** A host with more connections than this is asked to confirm in another way. */
    private static final int LINES_MAX = 200_000;

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String ESTABLISHED = "01";
    private static final String LISTEN = "0A";
    private static final int HEX = 16;
    private static final int WORD_DIGITS = 8;
    private static final int IPV4_DIGITS = 8;
    private static final int IPV6_DIGITS = 32;

    /** An established connection. */
    public record Connection(InetSocketAddress local, InetSocketAddress peer) {
        /** Returns the same connection as the process at the other end has it. */
        public Connection fromOtherEnd() {
            return new Connection(/* local= */ peer, /* peer= */ local);
        }
    }

    public TcpTable {
        established = Map.copyOf(established);
        listening = Set.copyOf(listening);
    }

    /**
     * Reads the connections of a process's network namespace.
     *
     * @param process the folder of the process in {@code /proc}
     */
    public static TcpTable read(Path process) throws IOException {
        Map<Long, Connection> established = new HashMap<>();
        Set<Integer> listening = new HashSet<>();
        for (String file : List.of("net/tcp", "net/tcp6")) {
            for (String line : lines(process.resolve(file))) {
                add(line, established, listening);
            }
        }
        return new TcpTable(established, listening);
    }

    /** A host without IPv6 has no {@code tcp6}. */
    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line = reader.readLine();
            while (line != null) {
                if (lines.size() >= LINES_MAX) {
                    throw new IOException(file + " has over " + LINES_MAX + " lines");
                }
                lines.add(line);
                line = reader.readLine();
            }
        } catch (NoSuchFileException absent) {
            return lines;
        }
        return lines;
    }

    private static void add(String line, Map<Long, Connection> established, Set<Integer> listening) {
        String[] fields = line.strip().split(" +", -1);
        if (fields.length <= INODE || !fields[INODE].matches("[0-9]{1,18}")) {
            return;
        }
        Optional<InetSocketAddress> local = socketAddress(fields[LOCAL]);
        Optional<InetSocketAddress> remote = socketAddress(fields[REMOTE]);
        if (local.isEmpty() || remote.isEmpty()) {
            return;
        }
        if (fields[STATE].equals(LISTEN)) {
            listening.add(local.get().getPort());
        } else if (fields[STATE].equals(ESTABLISHED)) {
            established.put(Long.parseLong(fields[INODE]), new Connection(local.get(), remote.get()));
        }
    }

    /** The kernel prints an address as 32-bit words in its own order of bytes, and the port as a number. */
    private static Optional<InetSocketAddress> socketAddress(String text) {
        int colon = text.indexOf(':');
        boolean isWhole = (colon == IPV4_DIGITS || colon == IPV6_DIGITS) && text.matches("[0-9A-Fa-f]+:[0-9A-Fa-f]{4}");
        if (!isWhole) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
        for (int at = 0; at < colon; at += WORD_DIGITS) {
            bytes.putInt(Integer.parseUnsignedInt(text.substring(at, at + WORD_DIGITS), HEX));
        }
        try {
            // An address of IPv4 that was mapped into IPv6 becomes one of IPv4 here.
            return Optional.of(new InetSocketAddress(
                    InetAddress.getByAddress(bytes.array()), Integer.parseInt(text.substring(colon + 1), HEX)));
        } catch (IOException impossible) {
            throw new IllegalStateException("4 and 16 bytes are an address", impossible);
        }
    }
}
