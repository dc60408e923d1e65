// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshDegraded;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.MeshEvent.MeshLost;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;

/** Nodes, hosts and peers that an administrator deletes on the server. */
class MeshDeletionIT {
    private final MeshLab lab = new MeshLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_node_that_was_deleted_joins_again_by_itself(MeshServer.Version version) {
        lab.server.version(version);
        lab.tokens("A=" + lab.server.token(2));
        ContainerId a = lab.create("a", "A");
        lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        MeshJoined first = lab.joined(a);

        lab.server.deleteNodes(first.hostId());

        MeshLost lost = lab.events.expect(MeshLost.class, event -> true);
        assertThat(lost.reason()).isEqualTo("its node in prod was deleted on its server");
        MeshJoined again =
                lab.events.expect(MeshJoined.class, event -> !event.nodeId().equals(first.nodeId()));
        assertThat(again.hostId()).isEqualTo(first.hostId());
        assertThat(lab.server.registrations()).isEqualTo(2);
        assertThat(lab.events.seen(EnrollmentRefused.class)).isEmpty();
    }

    @Test
    void a_host_that_was_deleted_joins_again_by_itself() {
        lab.tokens("A=" + lab.server.token(2));
        ContainerId a = lab.create("a", "A");
        lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        MeshJoined first = lab.joined(a);

        lab.server.deleteHost(first.hostId());

        assertThat(lab.events.expect(MeshLost.class, event -> true).reason())
                .isEqualTo("its host was deleted on its server");
        lab.events.expect(MeshJoined.class, event -> !event.nodeId().equals(first.nodeId()));
        assertThat(lab.server.hosts()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_deletion_is_respected_where_the_configuration_says_so_also_by_the_next_agent(boolean host) {
        lab.stayOut();
        lab.tokens("A=" + lab.server.token(2));
        ContainerId a = lab.create("a", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        MeshJoined joined = lab.joined(a);

        if (host) {
            lab.server.deleteHost(joined.hostId());
        } else {
            lab.server.deleteNodes(joined.hostId());
        }

        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);
        assertThat(refused.message()).endsWith("was deleted on its server; netmaker.rejoin is false, so it stays out");
        assertThat(refused.remedy()).contains("set netmaker.rejoin to true");
        assertThat(lab.status(meshes, a).phase()).isEqualTo(Phase.REFUSED);
        lab.stopKeeper();
        MeshCommands next = lab.keeper(MeshLab.QUICK);
        lab.tellStarted("a");
        eventually(() -> assertThat(lab.status(next, a).phase()).isEqualTo(Phase.REFUSED));
        assertThat(lab.server.registrations()).isEqualTo(1);
    }

    @Test
    void a_deleted_node_whose_key_is_used_up_says_so() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        MeshJoined first = lab.joined(a);

        lab.server.deleteNodes(first.hostId());

        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);
        assertThat(refused.message()).isEqualTo("the key of this token has expired or is used up");
        assertThat(lab.status(meshes, a).remedy()).contains("create a key on the server");
        assertThat(lab.server.registrations()).isEqualTo(2);
        lab.tokens("A=" + lab.server.token(1));
        lab.events.expect(MeshJoined.class, event -> !event.nodeId().equals(first.nodeId()));
    }

    @Test
    void a_peer_that_lingers_after_its_host_was_deleted_degrades_no_node_and_one_that_is_silent_does() {
        lab.tokens("A=" + lab.server.token(3));
        ContainerId a = lab.create("a", "A");
        ContainerId b = lab.create("b", "A");
        lab.heardAgo("a", 0);
        MeshCommands meshes =
                lab.start(MeshLab.times(MeshLab.QUICK.join(), MeshLab.QUICK.confirm(), Duration.ofSeconds(20)));
        lab.containers.start("a");
        lab.joined(a);
        lab.containers.start("b");
        MeshJoined peer = lab.joined(b);
        eventually(() -> assertThat(lab.containers.attach("a", "wg", "show", "netmaker", "peers"))
                .isNotBlank());

        lab.server.deleteHost(peer.hostId());
        lab.containers.stop("b");
        lab.heardAgo("a", 1_000);
        lab.awaitQuestions("a", 4);

        assertThat(lab.containers.attach("a", "wg", "show", "netmaker", "peers"))
                .isNotBlank();
        assertThat(lab.status(meshes, a).phase()).isEqualTo(Phase.JOINED);
        assertThat(degraded(a)).isEmpty();

        // The same silence of a peer that the server still names.
        lab.containers.start("b");
        lab.events.expect(
                MeshJoined.class,
                event -> !event.nodeId().equals(peer.nodeId())
                        && event.container().equals(b));
        eventually(() -> assertThat(degraded(a))
                .singleElement()
                .extracting(MeshDegraded::reason)
                .isEqualTo("no peer has answered for 20 s"));
    }

    private List<MeshDegraded> degraded(ContainerId id) {
        return lab.events.seen(MeshDegraded.class).stream()
                .filter(event -> event.container().equals(id))
                .toList();
    }
}
