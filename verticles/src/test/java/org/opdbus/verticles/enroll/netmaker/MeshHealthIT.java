// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshDegraded;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.MeshEvent.MeshLost;
import org.opdbus.events.MeshEvent.MeshRecovered;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;

class MeshHealthIT {
    private final MeshLab lab = new MeshLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void an_interface_that_is_deleted_is_repaired_by_one_attempt_after_another() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        lab.joined(a);

        lab.tell("a", "deaf");
        lab.containers.attach("a", "ip", "link", "delete", "netmaker");
        MeshLost lost =
                lab.events.expect(MeshLost.class, event -> event.container().equals(a));
        assertThat(lost.reason()).isEqualTo("it has no interface netmaker");
        eventually(() -> {
            assertThat(Files.readAllLines(lab.containers.rootfs("a").resolve("etc/double.pulls")))
                    .hasSizeGreaterThan(2);
            assertThat(lab.status(meshes, a).phase()).isEqualTo(Phase.LOST);
        });
        lab.tell("a", "");

        lab.events.expect(MeshRecovered.class, event -> event.container().equals(a));
        assertThat(lab.status(meshes, a).phase()).isEqualTo(Phase.JOINED);
        assertThat(lab.server.registrations()).isEqualTo(1);
        assertThat(lab.events.seen(MeshLost.class)).hasSize(1);
        eventually(() -> assertThat(lab.ledgerOf(a))
                .extracting(entry -> entry.substring(0, entry.indexOf(' ')))
                .contains("mesh.lost", "mesh.recovered"));
    }

    @Test
    void a_deleted_interface_is_noticed_and_remade_before_the_next_regular_look() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.start(MeshLab.WITHOUT_TURNS);
        lab.containers.start("a");
        lab.joined(a);

        lab.containers.attach("a", "ip", "link", "delete", "netmaker");

        lab.events.expect(MeshLost.class, event -> event.container().equals(a));
        eventually(() -> assertThat(lab.containers.attach("a", "ip", "address", "show", "netmaker"))
                .contains("100.64.0.1/16"));
    }

    @Test
    void a_new_token_is_noticed_before_the_next_regular_look() {
        lab.tokens("A=" + lab.server.token(0));
        ContainerId a = lab.create("a", "A");
        lab.start(MeshLab.WITHOUT_TURNS);
        lab.containers.start("a");
        lab.events.expect(EnrollmentRefused.class, event -> event.container().equals(a));

        lab.tokens("A=" + lab.server.token(1));

        lab.joined(a);
    }

    @Test
    void a_node_that_its_server_complains_of_is_degraded_and_stays_so_while_the_server_is_away() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        lab.joined(a);

        lab.server.checkedIn(Instant.now().minus(Duration.ofHours(1)));
        MeshDegraded offline = lab.events.expect(MeshDegraded.class, event -> true);
        assertThat(offline.reason()).isEqualTo("it has not checked in with its server for 10 minutes");
        assertThat(lab.status(meshes, a).phase()).isEqualTo(Phase.DEGRADED);
        eventually(() -> assertThat(lab.ledgerOf(a)).anyMatch(entry -> entry.startsWith("mesh.degraded ")));
        lab.server.checkedIn(Instant.now());
        lab.events.expect(MeshRecovered.class, event -> true);

        lab.server.pendingDelete(true);
        lab.events.expect(MeshDegraded.class, event -> event.reason().equals("the server is about to delete its node"));
        lab.server.down();
        lab.server.pendingDelete(false);
        assertThat(lab.status(meshes, a).phase()).isEqualTo(Phase.DEGRADED);
        lab.server.up();
        eventually(() -> assertThat(lab.events.seen(MeshRecovered.class)).hasSize(2));
        assertThat(lab.events.seen(MeshJoined.class)).hasSize(1);
    }

    @Test
    void a_node_whose_peers_are_silent_is_degraded_until_one_answers() {
        lab.tokens("A=" + lab.server.token(2));
        ContainerId a = lab.create("a", "A");
        ContainerId b = lab.create("b", "A");
        lab.start(MeshLab.times(Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofSeconds(2)));
        lab.containers.startAll(List.of("a", "b"));
        lab.joined(a);
        lab.joined(b);

        // Whoever has been greeted is not greeted again for two minutes, which here is silence.
        MeshDegraded silent =
                lab.events.expect(MeshDegraded.class, event -> event.container().equals(a));
        assertThat(silent.reason()).isEqualTo("no peer has answered for 2 s");
        String peer =
                lab.containers.attach("a", "wg", "show", "netmaker", "peers").strip();
        lab.containers.attach("a", "wg", "set", "netmaker", "peer", peer, "remove");

        lab.events.expect(MeshRecovered.class, event -> event.container().equals(a));
    }
}
