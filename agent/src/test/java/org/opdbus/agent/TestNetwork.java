// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.WireRecorder;
import org.opdbus.verticles.testing.WireRelay;

/**
 * The network between the hosts: a Linux bridge and each host's link to it; all frames are recorded in a file. A link
 * can be cut, and it can lose and delay frames. A program of ours does this, because a kernel need not have netem.
 * Not for use by several threads at once.
 */
final class TestNetwork implements AutoCloseable {
    private static final String BRIDGE = "wire0";

    private final Optional<Path> file;
    private final Optional<Process> recorder;
    private final Map<String, Process> relays = new LinkedHashMap<>();

    /** Creates a bridge without hosts, in this namespace; this file records the frames. */
    TestNetwork(Path file) {
        this(Optional.of(file));
    }

    /** The same, and frames are recorded only if there is a file. */
    TestNetwork(Optional<Path> file) {
        this.file = file;
        Links.addBridge(BRIDGE);
        Links.setUp(BRIDGE);
        recorder = file.map(WireRecorder::start);
    }

    /** Adds a link {@code eth0} with this address to the namespaces of a process. */
    void plug(String host, long process, String address) {
        String inside = String.valueOf(process);
        Links.ip("link", "add", "name", link(host), "type", "veth", "peer", "name", "eth0", "netns", inside);
        Links.setMaster(link(host), BRIDGE);
        Links.setUp(link(host));
        TestHost.sh("nsenter", "-t", inside, "-n", "sh", "-c", """
                set -e
                ip addr add %s/24 dev eth0
                # Checksums and segments are finished before a program of ours gets to see a frame.
                ethtool -K eth0 tx off tso off gso off gro off >/dev/null
                ip link set eth0 up
                """.formatted(address));
    }

    /** Gives this namespace, which is no host's, an address on the network. */
    void addAddress(String address) {
        Links.ip("addr", "add", address + "/24", "dev", BRIDGE);
    }

    /** Stops all frames between this host and the others. */
    void cut(String host) {
        Links.ip("link", "set", link(host), "down");
    }

    /** Ends {@link #cut}. */
    void mend(String host) {
        Links.setUp(link(host));
    }

    /**
     * From now on frames between this host and the others are lost at random, and the others are delayed.
     *
     * @param from the share of lost frames from the host, 0 to 1
     * @param to the share of lost frames to it
     * @param lateMs the delay of the others, each way
     */
    void trouble(String host, double from, double to, long lateMs) {
        String inner = "in-" + host;
        Links.addVeth(inner, "out-" + host);
        Links.setMaster("out-" + host, BRIDGE);
        Links.setNoMaster(link(host));
        Links.setUp(inner);
        Links.setUp("out-" + host);
        relays.put(host, WireRelay.start(link(host), inner, from, to, lateMs));
    }

    /** Ends {@link #trouble}. */
    void calm(String host) {
        Optional.ofNullable(relays.remove(host)).orElseThrow().destroyForcibly();
        Links.delete("in-" + host);
        Links.setMaster(link(host), BRIDGE);
    }

    /** Ends everything that {@link #cut} and {@link #trouble} did to a host and that still lasts, as after a test that failed. */
    void heal(String host) {
        if (relays.containsKey(host)) {
            calm(host);
        }
        mend(host);
    }

    /** Returns the frames so far, searched for these words. */
    Capture capture(Collection<String> words) {
        return Capture.of(file.orElseThrow(), words);
    }

    /** Returns the name of this namespace's end of a host's link. */
    static String link(String host) {
        return "to-" + host;
    }

    @Override
    public void close() {
        relays.values().forEach(Process::destroyForcibly);
        recorder.ifPresent(Process::destroyForcibly);
        Links.delete(BRIDGE);
    }
}
