// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.confirm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.opdbus.ledger.Printable;
import org.opdbus.verticles.kernel.ProcText;
import org.opdbus.verticles.kernel.connections.HeldSockets;
import org.opdbus.verticles.kernel.connections.ProcessChain;
import org.opdbus.verticles.kernel.connections.ProcessChain.Member;
import org.opdbus.verticles.kernel.connections.TcpTable;
import org.opdbus.verticles.kernel.connections.TcpTable.Connection;
import org.opdbus.verticles.uplink.plan.UplinkFailure;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/**
 * Finds the network connection by which a process was started, such as that of sshd.
 *
 * <p>It follows the process's ancestors up to one of root's that holds an established TCP connection which was accepted by this host
 * and comes from another one. The kernel does not tell when a connection was opened. A server such as sshd has a process for each
 * connection, which is as old as the connection; so the oldest ancestor that holds the connection must be younger than the move. A
 * session that shares an older connection (ssh's ControlMaster) has an older ancestor with that connection. A session of screen or
 * tmux, or one on a console, has no such ancestor.
 *
 * <p>Any thread may use it; each question blocks for some milliseconds.
 */
public final class ConnectionEvidence {
    private static final Path PROC = Path.of("/proc");
    /** The kernel shows times in this unit on every architecture (USER_HZ). */
    private static final int TICKS_PER_SECOND = 100;
    /** A look at two clocks that takes longer is made again. */
    private static final int HELD_UP_MS = 20;

    private static final int LOOKS_MAX = 10;

    private static final int TEXT_BYTES_MAX = 8_192;
    private static final String REMEDY =
            "log in anew over the network, outside of screen and tmux, and run op-dbus uplink confirm there";
    private static final String REMEDY_SHARED =
            "log in anew and run op-dbus uplink confirm there; if your ssh shares connections (ControlMaster), use ssh -S none";

    private ConnectionEvidence() {}

    /** What a process of the chain holds. */
    private record Held(Member holder, long inode, Connection connection) {}

    /**
     * Returns the connection by which a process was started, in words for people.
     *
     * @param moved the connection must have been opened after that
     * @throws UplinkRefusal if there is no such connection, with what to do
     * @throws UplinkFailure if the kernel's lists cannot be read
     */
    public static String of(long pid, Instant moved) {
        try {
            return found(ProcessChain.of(pid), moved);
        } catch (IOException failure) {
            throw new UplinkFailure("the network connections of this host cannot be read: " + failure, failure);
        }
    }

    private static String found(ProcessChain chain, Instant moved) throws IOException {
        Map<Long, Connection> connections = accepted();
        Optional<Held> nearest = chain.members().stream()
                .flatMap(one -> held(one, connections).stream())
                .findFirst();
        if (nearest.isEmpty()) {
            throw refusal("this command was not started over a network connection to this host" + first(chain), REMEDY);
        }
        Held held = nearest.get();
        String name = name(held);
        if (isOwn(held.connection().peer().getAddress())) {
            throw refusal("the " + name + " comes from this host itself and does not cross its network", REMEDY);
        }
        Member oldest = chain.members().stream()
                .filter(one -> HeldSockets.of(process(one)).contains(held.inode()))
                .reduce(held.holder(), (earlier, later) -> later);
        Duration after = Duration.between(moved, started(oldest));
        if (after.isNegative() || after.isZero()) {
            throw refusal("the " + name + " was opened before the move", REMEDY_SHARED);
        }
        return name + ", opened " + after.toSeconds() + " s after the move";
    }

    /** Returns the established connections to ports on which this host listens. */
    private static Map<Long, Connection> accepted() throws IOException {
        TcpTable table = TcpTable.read(PROC.resolve("self"));
        return table.established().entrySet().stream()
                .filter(entry ->
                        table.listening().contains(entry.getValue().local().getPort()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Returns the connection that a process holds; empty if it is not root's, for another user can make any connection. */
    private static Optional<Held> held(Member member, Map<Long, Connection> connections) {
        Path process = process(member);
        if (!isOfRoot(process)) {
            return Optional.empty();
        }
        return HeldSockets.of(process).stream()
                .filter(connections::containsKey)
                .sorted()
                .findFirst()
                .flatMap(inode -> Optional.ofNullable(connections.get(inode)).map(one -> new Held(member, inode, one)));
    }

    private static boolean isOfRoot(Path process) {
        try {
            return ProcText.read(process.resolve("status"), TEXT_BYTES_MAX)
                    .lines()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(line -> line.split("\\s+", -1))
                    .anyMatch(fields -> fields.length > 2 && fields[1].equals("0") && fields[2].equals("0"));
        } catch (IOException ended) {
            return false;
        }
    }

    private static boolean isOwn(InetAddress address) throws IOException {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }

    /**
     * The kernel counts from the boot, and the journal of a move has the time of the clock. If this thread is held up between the looks
     * at both, a process seems to be older than it is, and never younger.
     */
    private static Instant started(Member member) throws IOException {
        long startedMs = member.startedTicks() * 1_000 / TICKS_PER_SECOND;
        Instant now = Instant.now();
        long sinceBootMs = sinceBootMs();
        for (int look = 1;
                look < LOOKS_MAX && Instant.now().minusMillis(HELD_UP_MS).isAfter(now);
                look++) {
            now = Instant.now();
            sinceBootMs = sinceBootMs();
        }
        return now.minusMillis(sinceBootMs - startedMs);
    }

    private static long sinceBootMs() throws IOException {
        String uptime = ProcText.read(PROC.resolve("uptime"), TEXT_BYTES_MAX).split(" ", 2)[0];
        return Math.round(Double.parseDouble(uptime) * 1_000);
    }

    private static String name(Held held) {
        InetSocketAddress peer = held.connection().peer();
        String address = peer.getAddress().getHostAddress();
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        String from = (plain.contains(":") ? "[" + plain + "]" : plain) + ":" + peer.getPort();
        String program = program(held.holder());
        boolean isSsh = program.startsWith("sshd") || program.equals("dropbear");
        return (isSsh ? "ssh connection" : "connection of " + program) + " from " + from;
    }

    private static String first(ProcessChain chain) {
        List<Member> members = chain.members();
        if (members.isEmpty()) {
            return "";
        }
        Member first = members.get(members.size() - 1);
        return " (its first process is " + program(first) + ", number " + first.pid() + ")";
    }

    /** Returns a name that the program chose itself. */
    private static String program(Member member) {
        try {
            return Printable.of(
                    Files.readString(process(member).resolve("comm")).strip());
        } catch (IOException ended) {
            return "a process that has ended";
        }
    }

    private static Path process(Member member) {
        return PROC.resolve(Long.toString(member.pid()));
    }

    private static UplinkRefusal refusal(String why, String remedy) {
        return new UplinkRefusal(List.of(new UplinkRefusal.Reason(why, remedy)));
    }
}
