// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Several hosts on one wire, made a cluster by the usual commands. */
final class ManyHosts implements AutoCloseable {
    final TestNetwork wire;
    final List<WireHost> hosts = new ArrayList<>();
    /** The secrets by which hosts were admitted. */
    final List<String> tokens = new CopyOnWriteArrayList<>();

    private final Path folder;

    /** Creates hosts of these names; nothing runs yet. */
    ManyHosts(Path folder, List<String> names) {
        this.folder = folder;
        wire = new TestNetwork(folder.resolve("wire.pcap"));
        for (String name : names) {
            hosts.add(new WireHost(name, "10.9.0." + (hosts.size() + 1), wire));
        }
    }

    /** Starts the switch of every host. */
    ManyHosts startSwitches() {
        hosts.parallelStream().forEach(WireHost::startSwitch);
        return this;
    }

    WireHost host(int number) {
        return hosts.get(number);
    }

    String[] names() {
        return hosts.stream().map(host -> host.name).toArray(String[]::new);
    }

    /** Founds the cluster on the first host, starts all agents, and waits until every host sees every other. */
    ManyHosts form() {
        return form(host -> host.agent().start());
    }

    /** The same, with this way of starting an agent. */
    ManyHosts form(Consumer<WireHost> start) {
        host(0).command("cluster", "init");
        start.accept(host(0));
        List<WireHost> others = hosts.subList(1, hosts.size());
        others.parallelStream().forEach(this::join);
        others.parallelStream().forEach(start);
        awaitAll();
        return this;
    }

    private void join(WireHost host) {
        String token = host(0).command("cluster", "token").strip();
        tokens.add(token);
        try {
            Path file = Files.createFile(
                    folder.resolve("token-" + host.name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, token);
            host.command("cluster", "join", host(0).address + ":7802", "--token", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until every host sees every host. */
    void awaitAll() {
        hosts.forEach(host -> host.awaitMembers(names()));
    }

    /**
     * Waits until every host has received every entry of every other's ledger once, and every event without a gap;
     * except entries of a ledger that was restored from a copy.
     */
    void awaitEverythingTold() {
        for (WireHost listener : hosts) {
            for (WireHost sender : hosts) {
                if (listener != sender && !sender.isRestored()) {
                    eventually(() -> new ReplicationCheck(listener, sender).check());
                }
            }
        }
    }

    @Override
    public void close() {
        hosts.parallelStream().forEach(WireHost::close);
        wire.close();
    }
}
