// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.testing.NatsServers;

/** Agents' halves on real nats-servers. */
class NatsClusterIT {
    /** What a message of the stream has at most, with its signature. */
    private static final int PAGE_BYTES = 70_000;

    @TempDir
    Path folder;

    private final List<NatsHost> hosts = new ArrayList<>();
    private final List<NatsServers> running = new ArrayList<>();

    @AfterEach
    void close() {
        hosts.forEach(NatsHost::close);
        running.forEach(NatsServers::close);
    }

    @Test
    void recorded_facts_come_once_in_order_and_others_live() throws Exception {
        serve(3);
        NatsHost a = host("a");
        NatsHost b = host("b.example.org");
        NatsHost c = host("c");
        for (int i = 0; i < 200; i++) {
            a.record("a" + i);
            b.record("b" + i);
        }
        for (NatsHost each : List.of(b, c)) {
            eventually(() -> assertThat(each.host.reasons("a")).isEqualTo(numbered("a", 200)));
        }
        for (NatsHost each : List.of(a, c)) {
            eventually(() -> assertThat(each.host.reasons("b.example.org")).isEqualTo(numbered("b", 200)));
        }
        a.host.happen(new LedgerDegraded("no space"));
        eventually(() ->
                assertThat(c.host.told).anySatisfy(each -> assertThat(each).isInstanceOf(PeerEvent.Live.class)));
        assertThat(c.host.verticle.hosts()).extracting(HostRow::host).containsExactly("a", "b.example.org");
    }

    @Test
    void entries_of_a_host_that_is_away_come_from_the_stream() throws Exception {
        serve(1);
        NatsHost a = host("a");
        NatsHost b = host("b");
        for (int i = 0; i < 300; i++) {
            a.record("a" + i);
        }
        eventually(() -> assertThat(b.host.reasons("a")).hasSize(300));
        stored(300);
        a.close();
        hosts.remove(a);

        NatsHost late = host("late");
        eventually(() -> assertThat(late.host.reasons("a")).isEqualTo(numbered("a", 300)));
        late.close();
        b.close();
        hosts.clear();

        NatsHost last = host("last", "a");
        eventually(() ->
                assertThat(last.host.verticle.hosts()).extracting(HostRow::host).containsExactly("b", "late"));
    }

    @Test
    void a_stream_that_was_deleted_is_made_and_filled_again() throws Exception {
        NatsServers servers = serve(1);
        NatsHost a = host("a");
        NatsHost b = host("b");
        for (int i = 0; i < 100; i++) {
            a.record("a" + i);
        }
        stored(100);
        a.link().publishTrust("signed");
        b.link().publishTrust("signed");
        try (Admin admin = new Admin(servers)) {
            JetStreamManagement management = admin.streams();
            for (String stream : management.getStreamNames()) {
                assertThat(management.deleteStream(stream)).isTrue();
            }
        }
        a.record("a100");
        b.record("b0");
        stored(101);
        a.close();
        b.close();
        hosts.clear();

        NatsHost late = host("late");
        eventually(() -> assertThat(late.host.reasons("a")).isEqualTo(numbered("a", 101)));
        eventually(() -> assertThat(late.host.reasons("b")).isEqualTo(numbered("b", 1)));
        assertThat(late.trust).isEqualTo("signed");
    }

    @Test
    void the_loss_of_servers_and_of_the_quorum_loses_nothing() throws Exception {
        NatsServers servers = serve(3);
        NatsHost a = host("a");
        NatsHost b = host("b");
        a.record("a0");
        eventually(() -> assertThat(b.host.reasons("a")).hasSize(1));
        for (int i = 0; i < 3; i++) {
            servers.kill(i);
            a.record("a" + (2 * i + 1));
            servers.start(i);
            a.record("a" + (2 * i + 2));
            int expected = 2 * i + 3;
            eventually(() -> assertThat(b.host.reasons("a")).isEqualTo(numbered("a", expected)));
        }

        servers.kill(0);
        servers.kill(1);
        a.record("a7");
        // No stream takes or gives anything, and the hosts ask each other.
        eventually(() -> assertThat(b.host.reasons("a")).isEqualTo(numbered("a", 8)));
        servers.kill(2);
        a.record("a8");
        for (int i = 0; i < 3; i++) {
            servers.server(i).begin();
        }
        servers.awaitReady();
        eventually(() -> assertThat(b.host.reasons("a")).isEqualTo(numbered("a", 9)));
        stored(9);
    }

    @Test
    void a_server_that_is_slow_or_full_only_loses_its_copy() throws Exception {
        NatsServers servers = serve(1);
        try (Admin admin = new Admin(servers)) {
            // An operator has limited the stream.
            var unused = admin.streams()
                    .addStream(StreamConfiguration.builder()
                            .name("test_entries")
                            .subjects("test.entries.*")
                            .maxBytes(100_000)
                            .discardPolicy(DiscardPolicy.New)
                            .allowDirect(true)
                            .build());
        }
        NatsHost a = host("a");
        NatsHost b = host("b");
        a.record("a0");
        eventually(() -> assertThat(b.host.reasons("a")).hasSize(1));
        String filling = " ".repeat(20_000);
        for (int i = 1; i < 40; i++) {
            a.record("a" + i + filling);
        }
        eventually(() -> assertThat(b.host.reasons("a")).hasSize(40));
        assertThat(b.host.reasons("a")).extracting(String::strip).isEqualTo(numbered("a", 40));

        servers.server(0).pause();
        a.record("a40");
        servers.server(0).resume();
        eventually(() -> assertThat(b.host.reasons("a")).hasSize(41));
    }

    /** nats-server 2.9 was seen to stop answering when its disk was full, also to hosts that only show each other heads. */
    @Test
    void a_server_whose_disk_is_full_loses_nothing_once_there_is_room() throws Exception {
        NatsServers servers = new NatsServers(1);
        String store = servers.store(0).toString();
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", store);
        try (LogLines log = new LogLines()) {
            servers.start();
            running.add(servers);
            NatsHost a = host("a");
            NatsHost b = host("b");
            String filling = " ".repeat(20_000);
            for (int i = 0; i < 150; i++) {
                a.record("a" + i + filling);
            }
            eventually(() ->
                    assertThat(log.with("did not keep entries of this host")).isNotEmpty());
            assertThat(Files.getFileStore(servers.store(0)).getUsableSpace())
                    .as("room for one more page of entries")
                    .isLessThan(PAGE_BYTES);
            // The ledger takes what the server does not.
            a.record("a150");
            eventually(() -> assertThat(a.host.height()).isEqualTo(151));

            run("mount", "-o", "remount,size=64m", store);
            servers.kill(0);
            servers.start(0);
            stored(151);
            eventually(() -> assertThat(b.host.reasons("a")).hasSize(151));
            assertThat(b.host.reasons("a")).extracting(String::strip).isEqualTo(numbered("a", 151));
        } finally {
            hosts.forEach(NatsHost::close);
            hosts.clear();
            servers.kill(0);
            run("umount", store);
        }
    }

    @Test
    void somebody_who_listens_to_everything_stops_no_host() throws Exception {
        NatsServers servers = serve(1);
        NatsHost a = host("a");
        NatsHost b = host("b");
        try (Admin admin = new Admin(servers)) {
            admin.listenToEverything();
            String filling = " ".repeat(20_000);
            // More than may be on its way.
            for (int i = 0; i < 600; i++) {
                a.record("a" + i + filling);
            }
            eventually(() -> assertThat(b.host.reasons("a")).hasSize(600));
            a.host.happen(new LedgerDegraded("no space"));
            eventually(() ->
                    assertThat(b.host.told).anySatisfy(each -> assertThat(each).isInstanceOf(PeerEvent.Live.class)));
        }
    }

    @Test
    void a_trust_bundle_reaches_those_that_are_there_and_those_that_come() throws Exception {
        serve(1);
        NatsHost a = host("a");
        NatsHost b = host("b");
        a.link().publishTrust("signed");
        eventually(() -> assertThat(b.trust).isEqualTo("signed"));
        NatsHost late = host("late");
        eventually(() -> assertThat(late.trust).isEqualTo("signed"));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private NatsServers serve(int count) throws IOException {
        NatsServers made = new NatsServers(count).start();
        running.add(made);
        return made;
    }

    private NatsHost host(String name, String... removed) throws IOException {
        NatsServers servers = running.get(0);
        NatsHost made = new NatsHost(folder, name, servers.urls(), servers.tls(name), Set.of(removed));
        hosts.add(made);
        return made;
    }

    /** An operator's connection. */
    private static final class Admin implements AutoCloseable {
        private final Connection connection;

        private Admin(NatsServers servers) throws IOException, InterruptedException {
            connection = Nats.connect(new Options.Builder()
                    .servers(servers.urls().toArray(String[]::new))
                    .sslContext(servers.tls("admin"))
                    .build());
        }

        private void listenToEverything() {
            var unused = connection.createDispatcher(message -> {}).subscribe(">");
        }

        private JetStreamManagement streams() throws IOException {
            return connection.jetStreamManagement();
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until the stream holds the last of so many entries of host a. */
    private void stored(int entries) throws Exception {
        try (Admin admin = new Admin(running.get(0))) {
            eventually(() -> {
                String last = new String(
                        admin.streams()
                                .getLastMessage("test_entries", "test.entries.a")
                                .getData(),
                        StandardCharsets.UTF_8);
                assertThat(last).contains("\\\"a" + (entries - 1) + "\\\"");
            });
        }
    }

    private static List<String> numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
