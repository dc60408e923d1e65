// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.opdbus.verticles.membership.trust.Certificates;
import org.opdbus.verticles.testing.NatsServer;

/**
 * Three nats-servers in this network namespace, made as an operator makes them: by {@code op-dbus cluster nats-config} on the host
 * that holds the CA. For one thread.
 */
final class NatsDeployment implements AutoCloseable {
    private static final int MONITOR = 8222;

    private final Path folder;
    private final List<String> addresses;
    private final Writer writer;
    private final Map<String, NatsServer> servers = new TreeMap<>();

    /** Runs the command, with success, and returns what it printed. */
    @FunctionalInterface
    interface Writer {
        String run(String... words);
    }

    /**
     * Writes the configuration; nothing runs yet.
     *
     * @param addresses of the servers, which this namespace has
     * @param writer runs op-dbus on the host that holds the CA
     */
    NatsDeployment(Path folder, List<String> addresses, Writer writer) {
        this.folder = folder;
        this.addresses = List.copyOf(addresses);
        this.writer = writer;
        assertThat(write()).isNotEmpty();
        for (int i = 0; i < addresses.size(); i++) {
            String name = "n" + (i + 1);
            servers.put(name, new NatsServer(folder.resolve(name + ".conf"), addresses.get(i), MONITOR));
            try {
                Files.createDirectories(store(i));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Writes the configuration again and returns the names of the changed files. */
    List<String> write() {
        List<String> words = new ArrayList<>(List.of("cluster", "nats-config", "--out=" + folder));
        words.add("--store=" + folder.resolve("store"));
        words.add("--store-max=1G");
        for (int i = 0; i < addresses.size(); i++) {
            words.add("--server=n" + (i + 1) + "=" + addresses.get(i));
        }
        return writer.run(words.toArray(String[]::new)).lines().toList();
    }

    /** Starts all servers and waits until clients can use them. */
    NatsDeployment start() {
        servers.values().forEach(NatsServer::begin);
        servers.values().forEach(NatsServer::awaitReady);
        return this;
    }

    /** Lets clients with a certificate of a server do everything, until the configuration is written again. */
    void admitOperator() throws IOException {
        Path hosts = folder.resolve("hosts.conf");
        String user = "{user: \"" + Certificates.NATS_SERVER + "\"}";
        String text = Files.readString(hosts);
        if (!text.contains(user)) {
            Files.writeString(hosts, text.replace("users: [\n", "users: [\n    " + user + "\n"));
            reload();
        }
    }

    /** Makes every server read its configuration again. */
    void reload() {
        servers.values().forEach(NatsServer::reload);
    }

    NatsServer server(int number) {
        return Objects.requireNonNull(servers.get("n" + (number + 1)));
    }

    /** Where a server stores streams. */
    Path store(int number) {
        return folder.resolve("store").resolve("n" + (number + 1));
    }

    /** Where a server listens. */
    String address(int number) {
        return addresses.get(number);
    }

    /** What hosts are configured with. */
    List<String> urls() {
        return IntStream.range(0, addresses.size())
                .mapToObj(i -> "tls://" + addresses.get(i) + ":4222")
                .toList();
    }

    @Override
    public void close() {
        servers.values().forEach(NatsServer::close);
    }
}
