// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One host of several: a network and a mount namespace of its own, and in them an Open vSwitch, containers and an agent
 * that takes part in a cluster.
 */
final class WireHost implements AutoCloseable {
    /** As deploy/lab/enter does it, but within the same process namespace; it ends with its parent. */
    private static final String HOLD = """
            set -e
            cgroups=$(mktemp -d)
            mount --rbind /sys/fs/cgroup "$cgroups"
            mount -t sysfs sysfs /sys
            mount --rbind "$cgroups" /sys/fs/cgroup
            umount -l "$cgroups"
            rmdir "$cgroups"
            mount -t tmpfs tmpfs /run/lxc
            mount -t tmpfs tmpfs /run/openvswitch
            ip link set lo up
            echo ready
            exec sleep infinity
            """;

    final String name;
    final String address;
    final TestHost scene;
    final PeerTail tail;
    private final Process holder;
    private int containers;
    private boolean isRestored;
    private final Set<Integer> killed = new HashSet<>();

    /** Creates a host that is connected to the others; nothing is started yet. */
    WireHost(String name, String address, TestNetwork wire) {
        this(name, address, wire, Map.of("cluster", Map.of("enabled", true, "listen", address + ":7800")));
    }

    /** The same, with these additional settings. */
    WireHost(String name, String address, TestNetwork wire, Map<String, Object> settings) {
        this.name = name;
        this.address = address;
        try {
            holder = new ProcessBuilder("unshare", "--net", "--mount", "--propagation", "private", "sh", "-c", HOLD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat((char) holder.getInputStream().read()).isEqualTo('r');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        wire.plug(name, holder.pid(), address);
        Map<String, Object> all = new LinkedHashMap<>(settings);
        all.putAll(Map.of("host", name, "http", Map.of("listen", "127.0.0.1:0")));
        scene = new TestHost(all, entering());
        tail = new PeerTail(scene.agent);
        scene.agent.environment(Map.of("OP_DBUS_LOG_LEVEL", "DEBUG"));
    }

    /** Returns the beginning of a command line that runs in this host. */
    List<String> entering() {
        return List.of("nsenter", "-t", String.valueOf(holder.pid()), "--net", "--mount", "--");
    }

    AgentProcess agent() {
        return scene.agent;
    }

    /** Returns where its key, its certificate and the trust bundle are, and the CA on the host that holds it. */
    Path clusterFolder() {
        return agent().folder().resolve("cluster");
    }

    /** Sends SIGKILL to the agent and waits for its end. */
    void kill() {
        killed.add(agent().runs());
        agent().kill();
    }

    /** Returns the runs of the agent, counted from 1, that were ended by SIGKILL. */
    Set<Integer> killed() {
        return killed;
    }

    /** Starts Open vSwitch, with a bridge. */
    WireHost startSwitch() {
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        return this;
    }

    /** Runs a command of op-dbus in this host, to its end and with success; returns what it printed. */
    String command(String... arguments) {
        TestCommand.Result result = TestCommand.start(agent().config(), Map.of(), entering(), arguments)
                .result();
        assertThat(result.status()).as(result.toString()).isZero();
        return result.out();
    }

    /** Runs a shell command in this host. */
    String sh(String command) {
        List<String> words = new ArrayList<>(entering());
        words.addAll(List.of("sh", "-c", command));
        return TestHost.sh(words.toArray(new String[0]));
    }

    /** Starts a new container by plain lxc-start, waits until the agent has enrolled it, and returns its id. */
    String enrol() {
        String id = run();
        awaitEnrolled(id);
        return id;
    }

    /** Starts a new container by plain lxc-start and returns its id. */
    String run() {
        String id = name + (++containers + 100);
        scene.run(id);
        return id;
    }

    void awaitEnrolled(String id) {
        scene.awaitEnrolled(id, "vi" + id);
    }

    /** Returns how many lines of its log, of all runs, are at INFO or above. */
    long linesForAll() {
        long lines = 0;
        for (int run = 1; run <= agent().runs(); run++) {
            lines += agent().logText(run)
                    .lines()
                    .filter(line -> !line.contains(" DEBUG "))
                    .count();
        }
        return lines;
    }

    /** Waits until the agent sees these hosts, itself among them, as members that take part now. */
    void awaitMembers(String... hosts) {
        eventually(() -> {
            List<String> here = new ArrayList<>();
            for (JsonNode member : agent().ask("cluster")) {
                here.add(member.path("host").asText());
            }
            assertThat(here).as("members at %s\n%s", name, agent().logText()).containsExactlyInAnyOrder(hosts);
        });
    }

    /** Waits until the agent knows that another's ledger has reached at least this height. */
    void awaitHeight(WireHost other, long height) {
        eventually(() -> {
            for (JsonNode host :
                    agent().ask("hosts", Map.of("containers", false)).path("hosts")) {
                if (host.path("host").asText().equals(other.name)) {
                    assertThat(host.path("ledger_height").asLong()).isGreaterThanOrEqualTo(height);
                    return;
                }
            }
            throw new AssertionError(name + " does not know " + other);
        });
    }

    /** Keeps a copy of the ledger's folder as it is now. */
    void copyLedger() {
        Path ledger = agent().ledgerDir();
        TestHost.sh(
                "cp",
                "-a",
                ledger.toString(),
                ledger.resolveSibling("ledger-copy").toString());
    }

    /** Puts the copy in the place of the ledger's folder; the agent must not run. */
    void restoreLedger() {
        Path ledger = agent().ledgerDir();
        TestHost.sh("rm", "-r", ledger.toString());
        TestHost.sh("mv", ledger.resolveSibling("ledger-copy").toString(), ledger.toString());
        isRestored = true;
    }

    /** Returns whether its ledger no longer matches what it sent to others. */
    boolean isRestored() {
        return isRestored;
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        scene.close();
        holder.destroyForcibly();
    }
}
