// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three hosts on three nats-servers. During every fault of the servers each host enrols its containers; afterwards each has
 * received every entry of the others once, in order.
 */
final class NatsFaultsIT {
    private static final int SERVERS = 3;
    private static final long BETWEEN_DELETIONS_MS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static ManyHosts many;

    @BeforeAll
    static void form() {
        many = ManyHosts.onNats(folder, List.of("alpha", "beta", "gamma"))
                .preparing(NatsFaultsIT::mountStores)
                .startSwitches()
                .form();
    }

    /** A file system of its own can be full. */
    private static void mountStores(NatsDeployment nats) {
        for (int server = 0; server < SERVERS; server++) {
            TestHost.sh(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    "size=64m",
                    "tmpfs",
                    nats.store(server).toString());
        }
    }

    @AfterAll
    static void end() {
        many.close();
        for (int server = 0; server < SERVERS; server++) {
            TestHost.sh("umount", many.nats().store(server).toString());
        }
    }

    @AfterEach
    void every_host_has_received_every_entry_once_and_needed_no_more_rights() {
        enrolEverywhere();
        many.awaitEverythingTold();
        many.awaitAll();
        assertThat(logs()).doesNotContain("Publish Violation", "Subscription Violation");
    }

    @Test
    void a_server_is_killed_and_comes_back() {
        many.nats().server(1).kill();
        enrolEverywhere();
        many.awaitEverythingTold();
        restart(1);
    }

    @Test
    void two_servers_are_killed_and_there_is_no_quorum_until_they_are_back() {
        many.nats().server(0).kill();
        many.nats().server(2).kill();
        eventually(() -> assertThat(many.nats().server(1).isReady()).isFalse());
        enrolEverywhere();
        restart(0, 2);
    }

    @Test
    void all_that_the_servers_have_stored_is_deleted() {
        for (int server = 0; server < SERVERS; server++) {
            many.nats().server(server).kill();
            TestHost.sh("find", many.nats().store(server).toString(), "-mindepth", "1", "-delete");
        }
        enrolEverywhere();
        restart(0, 1, 2);
        eventually(() -> assertThat(many.nats().server(0).state("jsz?streams=true"))
                .contains("opdbus_entries", "KV_opdbus_heads"));
    }

    @Test
    void the_stream_of_entries_is_deleted_again_and_again_while_containers_enrol() throws Exception {
        try (NatsOperator operator = new NatsOperator(many, 0)) {
            CompletableFuture<Void> enrolled =
                    CompletableFuture.runAsync(() -> many.hosts.parallelStream().forEach(host -> {
                        host.enrol();
                        host.enrol();
                    }));
            int deleted = 0;
            while (!enrolled.isDone()) {
                deleted += operator.deleteEntries() ? 1 : 0;
                enrolled.copy()
                        .completeOnTimeout(null, BETWEEN_DELETIONS_MS, TimeUnit.MILLISECONDS)
                        .join();
            }
            assertThat(deleted).isPositive();
            many.awaitEverythingTold();
            eventually(() -> operator.checkEntries(many.hosts));
        }
    }

    @Test
    void the_disks_of_all_servers_are_full() throws IOException {
        for (int server = 0; server < SERVERS; server++) {
            fill(server);
        }
        enrolEverywhere();
        enrolEverywhere();
        for (int server = 0; server < SERVERS; server++) {
            makeRoom(server);
        }
        restart(0, 1, 2);
    }

    @Test
    void all_hosts_move_to_the_embedded_engine_and_back_by_one_key() {
        move("embedded");
        enrolEverywhere();
        many.awaitEverythingTold();
        move("nats");
    }

    private static void fill(int server) throws IOException {
        Path filler = many.nats().store(server).resolve("filler");
        TestHost.sh("sh", "-c", "cat /dev/zero > " + filler + " 2>/dev/null || true");
        assertThat(Files.getFileStore(many.nats().store(server)).getUsableSpace())
                .isZero();
    }

    /** An operator makes room. The server begins anew with what it could write. */
    private static void makeRoom(int server) {
        TestHost.sh("rm", many.nats().store(server).resolve("filler").toString());
        many.nats().server(server).kill();
    }

    private static void move(String engine) {
        many.hosts.parallelStream().forEach(host -> host.agent().stop());
        for (WireHost host : many.hosts) {
            Path file = host.agent().config();
            try {
                ObjectNode settings = (ObjectNode) JSON.readTree(file.toFile());
                ((ObjectNode) settings.get("cluster")).put("engine", engine);
                Files.writeString(file, settings.toPrettyString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        many.hosts.forEach(host -> host.agent().begin());
        many.hosts.forEach(host -> host.agent().awaitReady());
        many.awaitAll();
    }

    /** Begins these servers again and waits until all are ready. */
    private static void restart(int... servers) {
        for (int server : servers) {
            many.nats().server(server).begin();
        }
        for (int server = 0; server < SERVERS; server++) {
            many.nats().server(server).awaitReady();
        }
    }

    private static String logs() {
        return many.nats().server(0).log()
                + many.nats().server(1).log()
                + many.nats().server(2).log();
    }

    private static void enrolEverywhere() {
        many.hosts.forEach(WireHost::enrol);
    }
}
