// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.verticles.cluster.nats.NatsEngine;
import org.opdbus.verticles.cluster.nats.NatsLink;
import org.opdbus.verticles.cluster.nats.NatsSettings;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.cluster.nats.client.JnatsEngine;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.testing.NatsAccounts;
import org.opdbus.verticles.testing.NatsServers;

/** Agents' halves on a real nats-server whose operator admits users by credentials. */
class NatsCredentialsIT {
    private static final Subjects SUBJECTS = new Subjects(NatsHost.PREFIX);

    @TempDir
    Path folder;

    private final List<NatsHost> hosts = new ArrayList<>();
    private NatsAccounts accounts;
    private NatsServers servers;

    @BeforeEach
    void serve() throws Exception {
        accounts = new NatsAccounts();
        servers = new NatsServers(1, accounts).start();
    }

    @AfterEach
    void close() {
        hosts.forEach(NatsHost::close);
        servers.close();
    }

    @Test
    void hosts_with_credentials_hear_each_other_and_need_no_more_rights() throws Exception {
        NatsHost a = host("a");
        NatsHost b = host("b");
        for (int i = 0; i < 100; i++) {
            a.record("a" + i);
        }
        eventually(() -> assertThat(b.host.reasons("a")).hasSize(100));
        a.host.happen(new LedgerDegraded("no space"));
        eventually(() ->
                assertThat(b.host.told).anySatisfy(each -> assertThat(each).isInstanceOf(PeerEvent.Live.class)));
        a.link().publishTrust("signed");
        eventually(() -> assertThat(b.trust).isEqualTo("signed"));
        a.close();
        hosts.remove(a);

        NatsHost late = host("late");
        eventually(() -> assertThat(late.host.reasons("a")).hasSize(100));
        assertThat(servers.server(0).log()).doesNotContain("Publish Violation", "Subscription Violation");
    }

    @Test
    void a_host_cannot_publish_as_another_one() throws Exception {
        NatsHost a = host("a");
        // The same host with the credentials of another one.
        Path ofB = credentials("b");
        try (LogLines log = new LogLines()) {
            NatsHost forger = new NatsHost(folder, settings("c", Optional.of(ofB)), Set.of());
            hosts.add(forger);
            forger.record("c0");
            eventually(() -> assertThat(servers.server(0).log()).contains("Publish Violation"));
            eventually(() -> assertThat(log.with("the NATS server reports: ")).isNotEmpty());
            assertThat(a.host.reasons("c")).isEmpty();
            assertThat(log.with(secret(ofB))).isEmpty();
        }
    }

    @Test
    void a_host_that_the_server_does_not_admit_learns_what_to_do() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path wrong =
                new NatsAccounts().credentials(elsewhere, "a", SUBJECTS.publishedBy("a"), SUBJECTS.subscribedBy("a"));
        assertThatThrownBy(() -> connect(Optional.empty()))
                .hasMessageContaining("Authorization Violation")
                .hasMessageContaining("set cluster.nats.credentials");
        assertThatThrownBy(() -> connect(Optional.of(wrong)))
                .hasMessageContaining("Authorization Violation")
                .hasMessageContaining("does not admit the user of the credentials in " + wrong)
                .hasMessageNotContaining(secret(wrong));
    }

    @Test
    void credentials_that_are_missing_or_rubbish_are_named() throws Exception {
        Path missing = folder.resolve("missing.creds");
        assertThatThrownBy(() -> connect(Optional.of(missing)))
                .hasMessageContaining("there are no NATS credentials in " + missing);
        Path rubbish = credentials("rubbish");
        Files.writeString(rubbish, "rubbish");
        assertThatThrownBy(() -> connect(Optional.of(rubbish)))
                .hasMessageContaining(rubbish + " holds no NATS credentials");
    }

    private NatsLink connect(Optional<Path> credentials) throws IOException {
        return new JnatsEngine().connect(settings("a", credentials), new IgnoringListener());
    }

    private NatsHost host(String name) throws Exception {
        NatsHost made = new NatsHost(folder, settings(name, Optional.of(credentials(name))), Set.of());
        hosts.add(made);
        return made;
    }

    private Path credentials(String name) throws Exception {
        return accounts.credentials(folder, name, SUBJECTS.publishedBy(name), SUBJECTS.subscribedBy(name));
    }

    private NatsSettings settings(String name, Optional<Path> credentials) {
        return new NatsSettings(name, servers.urls(), credentials, NatsHost.PREFIX, servers.tls(name));
    }

    /** The seed, which begins with SU. */
    private static String secret(Path credentials) throws IOException {
        return Files.readAllLines(credentials).stream()
                .filter(line -> line.startsWith("SU"))
                .findFirst()
                .orElseThrow();
    }

    private static final class IgnoringListener implements NatsEngine.Listener {
        @Override
        public void ended() {}

        @Override
        public void trustHeard(String text) {}
    }
}
