// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A cluster of real nats-servers with JetStream in temporary folders, on ports of 127.0.0.1 in this network namespace. Clients and
 * servers need certificates of one CA; every client that has one may do everything. For one thread, in a laboratory, one at a time.
 */
public final class NatsServers implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.1";
    private static final int CLIENTS = 4222;
    private static final int ROUTES = 6222;
    private static final int MONITORS = 8222;
    private static final long STORE_BYTES = 1L << 30;

    private final Path folder;
    private final NatsCertificates certificates;
    private final String further;
    private final List<NatsServer> servers = new ArrayList<>();

    /** Servers with a CA of their own; nothing runs yet. */
    public NatsServers(int count) {
        this(count, "");
    }

    /** Likewise, for users whom an operator admits: a client needs credentials in addition to its certificate. */
    public NatsServers(int count, NatsAccounts accounts) throws IOException, GeneralSecurityException {
        this(count, accounts.configuration());
    }

    private NatsServers(int count, String further) {
        folder = temporaryFolder();
        certificates = NatsCertificates.own(folder);
        this.further = further;
        prepare(count, STORE_BYTES);
    }

    /** Servers for the members of a cluster, whose CA has its key and certificate in this file ({@code ca.pem}). */
    public NatsServers(int count, Path authority) {
        this(count, authority, STORE_BYTES);
    }

    /**
     * The same with a limit for what JetStream stores.
     *
     * @param storeBytes the most that each server stores in files; it refuses what is beyond that
     */
    public NatsServers(int count, Path authority, long storeBytes) {
        folder = temporaryFolder();
        certificates = new NatsCertificates(folder, authority);
        further = "";
        prepare(count, storeBytes);
    }

    /** Starts all servers and waits until clients can use them. */
    public NatsServers start() {
        servers.forEach(NatsServer::begin);
        awaitReady();
        return this;
    }

    /** Waits until every server that runs can be used; without a quorum that does not come true. */
    public void awaitReady() {
        servers.stream().filter(NatsServer::isRunning).forEach(NatsServer::awaitReady);
        long running = servers.stream().filter(NatsServer::isRunning).count();
        if (servers.size() > 1) {
            for (NatsServer server : servers) {
                // Every server is connected with every other one.
                eventually(() -> {
                    if (server.isRunning() && !server.state("varz").contains("\"routes\": " + (running - 1) + ",")) {
                        throw new AssertionError("the servers have not found one another: " + server.state("varz"));
                    }
                });
            }
        }
    }

    /** Where the servers listen: {@code tls://127.0.0.1:4222}, and so on. */
    public List<String> urls() {
        return IntStream.range(0, servers.size())
                .mapToObj(i -> "tls://" + ADDRESS + ":" + (CLIENTS + i))
                .toList();
    }

    public NatsServer server(int number) {
        return servers.get(number);
    }

    /** Kills a server at once (SIGKILL). */
    public void kill(int number) {
        server(number).kill();
    }

    /** Starts a killed server again, with what it has stored, and waits until it is ready, which needs a quorum. */
    public void start(int number) {
        server(number).begin();
        server(number).awaitReady();
    }

    /** Where a server stores its streams; a test may mount a small file system there before it starts the server. */
    public Path store(int number) {
        return folder.resolve("store-" + number);
    }

    /** The certificate of the CA, which clients and servers trust. */
    public Path authority() {
        return certificates.authority();
    }

    /** Makes a member's certificate and returns the TLS of a client that has it. */
    public SSLContext tls(String host) {
        return certificates.member(host);
    }

    /** Kills the servers and removes what they have stored. */
    @Override
    public void close() {
        servers.forEach(NatsServer::close);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryFolder() {
        Laboratory.require();
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "op-dbus-nats-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void prepare(int count, long storeBytes) {
        for (int i = 0; i < count; i++) {
            certificates.server("server-" + i, ADDRESS);
            Path file = folder.resolve("server-" + i + ".conf");
            try {
                Files.createDirectories(store(i));
                Files.writeString(file, configuration(i, count, storeBytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            servers.add(new NatsServer(file, ADDRESS, MONITORS + i));
        }
    }

    private String configuration(int number, int count, long storeBytes) {
        String tls = String.join(
                "\n",
                "tls {",
                "  cert_file: \"" + folder.resolve("server-" + number + ".crt") + "\"",
                "  key_file: \"" + folder.resolve("server-" + number + ".key") + "\"",
                "  ca_file: \"" + authority() + "\"",
                "  verify: true",
                "}");
        List<String> lines = new ArrayList<>(List.of(
                further,
                "server_name: n" + number,
                "listen: \"" + ADDRESS + ":" + (CLIENTS + number) + "\"",
                tls,
                "jetstream {",
                "  store_dir: \"" + store(number) + "\"",
                "  max_memory_store: 16MB",
                "  max_file_store: " + storeBytes,
                "}"));
        if (count > 1) {
            String routes = IntStream.range(0, count)
                    .mapToObj(i -> "\"tls://" + ADDRESS + ":" + (ROUTES + i) + "\"")
                    .reduce((first, second) -> first + ", " + second)
                    .orElseThrow();
            lines.addAll(List.of(
                    "cluster {",
                    "  name: test",
                    "  listen: \"" + ADDRESS + ":" + (ROUTES + number) + "\"",
                    tls,
                    "  routes: [" + routes + "]",
                    "}"));
        }
        return String.join("\n", lines) + "\n";
    }
}
