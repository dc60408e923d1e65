// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.testing.Links;

/**
 * What joins the hosts: a Linux bridge, each host's link to it, everything that passes kept in a file. A link can be cut,
 * and it can lose and delay frames: a kernel need not have netem, so they pass a program of ours on their way. Not for use
 * by several threads at once.
 */
final class Wire implements AutoCloseable {
    private static final String BRIDGE = "wire0";

    /** Writes every frame of every link of this namespace to a file of pcap-savefile(5) (packet(7)). */
    private static final String RECORDER = """
            import socket, struct, sys, time
            heard = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            heard.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
            file = open(sys.argv[1], 'wb', 0)
            file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
            print('ready', flush=True)
            while True:
                frame = heard.recv(262144)
                now = time.time()
                file.write(struct.pack('<IIII', int(now), int(now % 1 * 1e6), len(frame), len(frame)) + frame)
            """;

    /** Hands frames on between two links; each is lost by a chance that depends on its direction, or comes later. */
    private static final String RELAY = """
            import heapq, random, select, socket, sys, time
            OUTGOING = 4  # PACKET_OUTGOING
            ends = []
            for name in sys.argv[1:3]:
                end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
                end.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
                end.bind((name, 0))
                ends.append(end)
            lost = {ends[0]: float(sys.argv[3]), ends[1]: float(sys.argv[4])}
            other = {ends[0]: ends[1], ends[1]: ends[0]}
            late, waiting, number = float(sys.argv[5]), [], 0
            print('ready', flush=True)
            while True:
                pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
                for end in select.select(ends, [], [], pause)[0]:
                    frame, sender = end.recvfrom(262144)
                    if sender[2] != OUTGOING and random.random() >= lost[end]:
                        number += 1
                        heapq.heappush(waiting, (time.monotonic() + late, number, other[end], frame))
                while waiting and waiting[0][0] <= time.monotonic():
                    _, _, end, frame = heapq.heappop(waiting)
                    end.send(frame)
            """;

    private final Path file;
    private final Process recorder;
    private final Map<String, Process> relays = new LinkedHashMap<>();

    /** A bridge without hosts, in this namespace; what passes is kept in this file. */
    Wire(Path file) {
        this.file = file;
        Links.addBridge(BRIDGE);
        Links.setUp(BRIDGE);
        recorder = begin(RECORDER, file.toString());
    }

    /** Gives the namespaces of a process a link {@code eth0} with this address. */
    void plug(String host, long process, String address) {
        String inside = String.valueOf(process);
        Links.ip("link", "add", "name", link(host), "type", "veth", "peer", "name", "eth0", "netns", inside);
        Links.setMaster(link(host), BRIDGE);
        Links.setUp(link(host));
        Scene.sh("nsenter", "-t", inside, "-n", "sh", "-c", """
                set -e
                ip addr add %s/24 dev eth0
                # Checksums and segments are finished before a program of ours gets to see a frame.
                ethtool -K eth0 tx off tso off gso off gro off >/dev/null
                ip link set eth0 up
                """.formatted(address));
    }

    /** Nothing passes between this host and the others. */
    void cut(String host) {
        Links.ip("link", "set", link(host), "down");
    }

    /** Ends {@link #cut}. */
    void mend(String host) {
        Links.setUp(link(host));
    }

    /**
     * From now on frames between this host and the others are lost by chance, and the others come late.
     *
     * @param from how many of those that the host sends are lost, 0 to 1
     * @param to how many of those that are sent to it
     * @param lateMs by how much the others come late, each way
     */
    void trouble(String host, double from, double to, long lateMs) {
        String inner = "in-" + host;
        Links.addVeth(inner, "out-" + host);
        Links.setMaster("out-" + host, BRIDGE);
        Links.setNoMaster(link(host));
        Links.setUp(inner);
        Links.setUp("out-" + host);
        relays.put(
                host,
                begin(
                        RELAY,
                        link(host),
                        inner,
                        String.valueOf(from),
                        String.valueOf(to),
                        String.valueOf(lateMs / 1000.0)));
    }

    /** Ends {@link #trouble}. */
    void calm(String host) {
        Optional.ofNullable(relays.remove(host)).orElseThrow().destroyForcibly();
        Links.delete("in-" + host);
        Links.setMaster(link(host), BRIDGE);
    }

    /** What has passed so far, in which these words are looked for. */
    Capture capture(Collection<String> words) {
        return Capture.of(file, words);
    }

    private static String link(String host) {
        return "to-" + host;
    }

    private static Process begin(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of("python3", "-c", program));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat((char) process.getInputStream().read()).isEqualTo('r');
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        relays.values().forEach(Process::destroyForcibly);
        recorder.destroyForcibly();
    }
}
