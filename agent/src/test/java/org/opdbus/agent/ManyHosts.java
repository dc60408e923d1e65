// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Several hosts on one wire, made a cluster by the usual commands, on either engine. */
final class ManyHosts implements AutoCloseable {
    final TestNetwork wire;
    final List<WireHost> hosts = new ArrayList<>();
    /** The secrets by which hosts were admitted. */
    final List<String> tokens = new CopyOnWriteArrayList<>();

    private static final List<String> SERVERS = List.of("10.9.0.101", "10.9.0.102", "10.9.0.103");

    private final Path folder;
    private final boolean isOnNats;
    private @Nullable NatsDeployment nats;
    private Consumer<NatsDeployment> prepare = unused -> {};

    /** Creates hosts of these names with the embedded engine; nothing runs yet. */
    ManyHosts(Path folder, List<String> names) {
        this(folder, names, false);
    }

    private ManyHosts(Path folder, List<String> names, boolean isOnNats) {
        this.folder = folder;
        this.isOnNats = isOnNats;
        wire = new TestNetwork(folder.resolve("wire.pcap"));
        for (String name : names) {
            String address = "10.9.0." + (hosts.size() + 1);
            hosts.add(new WireHost(name, address, wire, Map.of("cluster", settings(address, isOnNats))));
        }
    }

    /** Creates hosts that meet at three nats-servers on the same wire; nothing runs yet. */
    static ManyHosts onNats(Path folder, List<String> names) {
        return new ManyHosts(folder, names, true);
    }

    /** What a host is configured with to take part on either engine. */
    static Map<String, Object> settings(String address, boolean isOnNats) {
        Map<String, Object> settings = new LinkedHashMap<>(Map.of("enabled", true, "listen", address + ":7800"));
        if (isOnNats) {
            settings.put("engine", "nats");
            settings.put(
                    "nats",
                    Map.of(
                            "servers",
                            SERVERS.stream()
                                    .map(server -> "tls://" + server + ":4222")
                                    .toList()));
        }
        return settings;
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
        if (isOnNats) {
            NatsDeployment servers = deployNats();
            prepare.accept(servers);
            servers.start();
        }
        start.accept(host(0));
        List<WireHost> others = hosts.subList(1, hosts.size());
        others.parallelStream().forEach(this::join);
        if (isOnNats) {
            assertThat(nats().write()).containsExactly("hosts.conf");
            nats().reload();
        }
        others.parallelStream().forEach(start);
        awaitAll();
        return this;
    }

    /** Does this with the nats-servers before they are started for the first time. */
    ManyHosts preparing(Consumer<NatsDeployment> work) {
        prepare = work;
        return this;
    }

    private NatsDeployment deployNats() {
        SERVERS.forEach(wire::addAddress);
        NatsDeployment made = new NatsDeployment(folder.resolve("nats"), SERVERS, host(0)::command);
        nats = made;
        return made;
    }

    NatsDeployment nats() {
        if (nats == null) {
            throw new IllegalStateException("there are no nats-servers");
        }
        return nats;
    }

    private void join(WireHost host) {
        String token = host(0).command("cluster", "token").strip();
        tokens.add(token);
        try {
            Path file = Files.createFile(
                    folder.resolve("token-" + host.name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, token);
            // The agent may be ready before its door is open.
            var unused = eventually(
                    () -> host.command("cluster", "join", host(0).address + ":7802", "--token", file.toString()));
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
        if (nats != null) {
            nats.close();
        }
        wire.close();
    }
}
