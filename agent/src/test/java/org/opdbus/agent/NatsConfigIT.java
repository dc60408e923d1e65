// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Subscription;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamConfiguration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.membership.Libraries;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.Certificates.Signer;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Pem;

/** Real nats-servers with the configuration that {@code cluster nats-config} writes: who may do what. */
final class NatsConfigIT {
    private static final Subjects NAMES = new Subjects("opdbus");
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final List<String> ADDRESSES = List.of("127.0.0.11", "127.0.0.12", "127.0.0.13");
    private static final String HOST = "beta.example";

    @TempDir
    Path folder;

    private Path config;
    private NatsDeployment nats;

    @BeforeEach
    void deploy() throws IOException {
        config = Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "alpha", "runtime": {"dir": "%1$s/run"}, "cluster": {"dir": "%1$s/alpha"}}
                """.formatted(folder));
        command("cluster", "init");
        letIn(HOST);
        nats = new NatsDeployment(folder.resolve("nats"), ADDRESSES, this::command).start();
    }

    @AfterEach
    void end() {
        nats.close();
    }

    @Test
    void a_host_publishes_in_its_own_name_and_in_no_other() throws Exception {
        try (NatsClient alpha = client("alpha", 0);
                NatsClient beta = client(HOST, 1)) {
            Subscription heard = beta.connection.subscribe(NAMES.facts("alpha").replace("alpha", "*"));
            Subscription forBeta = beta.connection.subscribe(NAMES.to(HOST, "*").replace("=2A", "*"));
            beta.connection.flush(LIMIT);
            createStreams(alpha.connection);

            publish(alpha, NAMES.to(HOST, "alpha"), "to you");
            assertThat(new String(forBeta.nextMessage(LIMIT).getData(), UTF_8)).isEqualTo("to you");
            PublishAck stored =
                    alpha.connection.jetStream().publish(NAMES.entries("alpha"), "an entry".getBytes(UTF_8));
            assertThat(stored.getStream()).isEqualTo(NAMES.entriesStream());
            assertThat(alpha.connection
                            .jetStream()
                            .publish(NAMES.head("alpha"), "a head".getBytes(UTF_8))
                            .getStream())
                    .isEqualTo(NAMES.headsStream());
            assertThat(alpha.connection
                            .request(Subjects.read(NAMES.entriesStream()), "{\"seq\":1}".getBytes(UTF_8), LIMIT)
                            .getData())
                    .isEqualTo("an entry".getBytes(UTF_8));
            assertThat(alpha.errors).isEmpty();

            List<String> ofOthers = List.of(
                    NAMES.facts(HOST),
                    NAMES.entries(HOST),
                    NAMES.head(HOST),
                    NAMES.to("gamma", HOST),
                    NAMES.to(HOST, HOST),
                    NAMES.inbox(HOST) + "x",
                    "$JS.API.STREAM.DELETE." + NAMES.entriesStream(),
                    "$JS.API.STREAM.PURGE." + NAMES.entriesStream(),
                    "$JS.API.STREAM.UPDATE." + NAMES.entriesStream(),
                    "$JS.API.STREAM.MSG.DELETE." + NAMES.entriesStream(),
                    "$JS.API.CONSUMER.CREATE." + NAMES.entriesStream(),
                    "$JS.API.STREAM.CREATE.another",
                    "$SYS.REQ.SERVER.PING",
                    "another.subject");
            ofOthers.forEach(subject -> publish(alpha, subject, "forged"));
            publish(alpha, NAMES.facts("alpha"), "marker");
            assertThat(new String(heard.nextMessage(LIMIT).getData(), UTF_8)).isEqualTo("marker");
            eventually(() -> assertThat(alpha.errors).hasSameSizeAs(ofOthers));
            for (int i = 0; i < ofOthers.size(); i++) {
                assertThat(alpha.errors.get(i).toLowerCase(Locale.ROOT))
                        .contains("permissions violation for publish to \""
                                + ofOthers.get(i).toLowerCase(Locale.ROOT));
            }
            List<String> notForAlpha = List.of(
                    ">", NAMES.to(HOST, "*").replace("=2A", "*"), NAMES.inbox(HOST) + ">", "$JS.API.>", "opdbus.>");
            notForAlpha.forEach(alpha.connection::subscribe);
            eventually(() -> assertThat(alpha.errors).hasSize(ofOthers.size() + notForAlpha.size()));
            assertThat(alpha.connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
            assertThat(streamMessages(beta.connection)).isEqualTo(1);
        }
    }

    @Test
    void only_members_connect_as_hosts_and_only_servers_as_servers() throws Exception {
        try (NatsClient member = client("alpha", 0)) {
            assertThat(member.connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
        }
        Path elsewhere = folder.resolve("elsewhere");
        Authority another = new Authority(elsewhere, Libraries.load().certificates());
        another.found("alpha", new ListenAddress("127.0.0.1", 7800), new ListenAddress("127.0.0.1", 7802));
        Identity foreign = new ClusterFolder(elsewhere).requireIdentity();
        var trust = new ClusterFolder(folder.resolve("alpha"))
                .requireTrustBundle()
                .content()
                .trust();
        assertThatThrownBy(() -> connect("alpha", 0, NatsClient.tls(foreign, trust)))
                .isInstanceOf(IOException.class);

        Signer server = authority().natsServer(ADDRESSES.get(0));
        Identity asHost = new Identity(
                server.key(),
                server.certificate(),
                new ClusterFolder(folder.resolve("alpha")).requireIdentity().issuer());
        assertThatThrownBy(() -> connect("alpha", 0, NatsClient.tls(asHost, trust)))
                .hasStackTraceContaining("Authorization Violation");

        assertThat(greetAsServer(NatsClient.tls(asHost, trust), "TLSv1.3")).startsWith("INFO");
        assertThat(greetAsServer(NatsClient.tls(folder.resolve("alpha")), "TLSv1.3"))
                .contains("Authorization Violation");
        assertThatThrownBy(() -> greetAsServer(NatsClient.tls(asHost, trust), "TLSv1.2"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_host_that_joins_gets_in_by_a_reload_and_a_removed_one_out_and_the_others_stay() throws Exception {
        try (NatsClient alpha = client("alpha", 0);
                NatsClient beta = client(HOST, 0)) {
            letIn("gamma");
            assertThatThrownBy(() -> client("gamma", 0)).hasStackTraceContaining("Authorization Violation");
            assertThat(nats.write()).containsExactly("hosts.conf");
            nats.reload();
            eventually(() -> client("gamma", 0).close());
            eventually(() -> client("gamma", 2).close());

            authority().remove(HOST);
            assertThat(nats.write()).containsExactly("hosts.conf");
            nats.reload();
            eventually(() -> assertThat(beta.connection.getStatus()).isEqualTo(Connection.Status.CLOSED));
            assertThatThrownBy(() -> client(HOST, 0)).isInstanceOf(IOException.class);

            alpha.connection.flush(LIMIT);
            assertThat(alpha.connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
        }
    }

    @Test
    void another_ca_replaces_the_first_without_a_restart() throws Exception {
        SSLContext before = NatsClient.tls(folder.resolve("alpha"));
        command("cluster", "rotate", "--ca");
        // Now alpha's certificate is of the new CA, of which the servers have not heard yet.
        assertThatThrownBy(() -> client("alpha", 0)).isInstanceOf(IOException.class);
        assertThat(nats.write()).containsExactly("ca.crt");
        nats.reload();
        eventually(() -> client("alpha", 0).close());
        // Who has not heard of the new CA still accepts the servers.
        connect("alpha", 0, before).close();

        renew(HOST);
        assertThat(nats.write()).contains("n1.key", "n1.crt").doesNotContain("n1.conf", "ca.crt");
        nats.reload();
        eventually(() -> assertThatThrownBy(() -> connect("alpha", 0, before)).isInstanceOf(IOException.class));
        command("cluster", "rotate", "--finish");
        client("alpha", 0).close();
        client(HOST, 0).close();
        assertThat(nats.write()).containsExactly("ca.crt");
    }

    private void letIn(String host) {
        Authority authority = authority();
        String secret = authority
                .token(Duration.ofMinutes(5), new ListenAddress("127.0.0.1", 7802))
                .secret();
        KeyPair keys = Pem.newKeys();
        keep(
                host,
                keys,
                authority
                        .admit(
                                secret,
                                host,
                                "127.0.0.1:7800",
                                Libraries.load().certificates().request(keys))
                        .orElseThrow());
    }

    private void renew(String host) {
        KeyPair keys = Pem.newKeys();
        keep(
                host,
                keys,
                authority()
                        .renew(
                                host,
                                "127.0.0.1:7800",
                                Libraries.load().certificates().request(keys)));
    }

    private void keep(String host, KeyPair keys, Authority.Admission admission) {
        ClusterFolder files = new ClusterFolder(folder.resolve(host));
        files.keep(admission.bundle());
        files.keep(new Identity(
                keys.getPrivate(),
                admission.certificate(),
                admission.bundle().content().authority()));
    }

    private Authority authority() {
        return new Authority(folder.resolve("alpha"), Libraries.load().certificates());
    }

    private NatsClient client(String host, int server) throws IOException {
        return connect(host, server, NatsClient.tls(folder.resolve(host)));
    }

    private NatsClient connect(String host, int server, SSLContext tls) throws IOException {
        return new NatsClient(nats.urls().get(server), host, tls);
    }

    private static void publish(NatsClient client, String subject, String text) {
        client.connection.publish(subject, text.getBytes(UTF_8));
    }

    private static void createStreams(Connection connection) throws Exception {
        JetStreamManagement management = connection.jetStreamManagement();
        for (List<String> each : List.of(
                List.of(NAMES.entriesStream(), NAMES.allEntries()), List.of(NAMES.headsStream(), NAMES.allHeads()))) {
            management.addStream(StreamConfiguration.builder()
                    .name(each.get(0))
                    .subjects(each.get(1))
                    .replicas(3)
                    .allowDirect(true)
                    .build());
        }
    }

    /** Returns how many entries are stored, by reading beyond them. */
    private static int streamMessages(Connection connection) throws Exception {
        int count = 0;
        while (connection
                        .request(
                                Subjects.read(NAMES.entriesStream()),
                                ("{\"seq\":" + (count + 1) + "}").getBytes(UTF_8),
                                LIMIT)
                        .getData()
                        .length
                > 0) {
            count++;
        }
        return count;
    }

    /** Begins to speak at the port where servers speak with each other; returns the first lines of the answer. */
    private static String greetAsServer(SSLContext tls, String version) throws IOException {
        try (Socket plain = new Socket(ADDRESSES.get(0), 6222);
                SSLSocket socket =
                        (SSLSocket) tls.getSocketFactory().createSocket(plain, ADDRESSES.get(0), 6222, true)) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.setEnabledProtocols(new String[] {version});
            socket.getOutputStream()
                    .write("CONNECT {\"verbose\":false,\"name\":\"x\",\"cluster\":\"opdbus\"}\r\nPING\r\n"
                            .getBytes(UTF_8));
            socket.getOutputStream().flush();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            String first = String.valueOf(in.readLine());
            String second = String.valueOf(in.readLine());
            return first.startsWith("INFO") && second.startsWith("-ERR") ? second : first;
        }
    }

    private String command(String... words) {
        TestCommand.Result result = TestCommand.run(config, words);
        assertThat(result.status()).as(result.toString()).isZero();
        return result.out();
    }
}
