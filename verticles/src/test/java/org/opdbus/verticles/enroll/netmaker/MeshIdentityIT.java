// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshCleaned;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.MeshEvent.MeshOrphaned;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;

/** Containers whose identity changes, or that share one. */
class MeshIdentityIT {
    private final MeshLab lab = new MeshLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void a_container_that_comes_back_with_another_identity_leaves_no_host_behind() throws Exception {
        lab.tokens("A=" + lab.server.token(2));
        ContainerId a = lab.create("a", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        MeshJoined first = lab.joined(a);

        lab.forgetIdentity("a");

        MeshOrphaned orphaned =
                lab.events.expect(MeshOrphaned.class, event -> event.container().equals(a));
        assertThat(orphaned.hostId()).isEqualTo(first.hostId());
        assertThat(orphaned.reason()).isEqualTo("the container has another identity now");
        lab.events.expect(MeshCleaned.class, event -> event.hostId().equals(first.hostId()));
        MeshJoined second =
                lab.events.expect(MeshJoined.class, event -> !event.hostId().equals(first.hostId()));
        assertThat(lab.server.hostIds()).containsExactly(second.hostId());
        assertThat(meshes.leftBehind().blockingGet()).isEmpty();
        eventually(() -> assertThat(lab.ledgerOf(a))
                .extracting(entry -> entry.substring(0, entry.indexOf(' ')))
                .contains("mesh.orphaned", "mesh.cleaned"));
    }

    @Test
    void an_identity_that_changed_while_no_agent_ran_leaves_no_host_behind_and_is_shown_until_then() throws Exception {
        String token = lab.server.token(2);
        lab.tokens("A=" + token);
        ContainerId a = lab.create("a", "A");
        lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        MeshJoined first = lab.joined(a);
        lab.stopKeeper();
        lab.forgetIdentity("a");
        lab.joinByHand("a", token);
        eventually(() -> assertThat(lab.server.nodes()).isEqualTo(2));
        lab.containers.attach("a", "sh", "-c", "until grep -q id /etc/netclient/nodes.json; do sleep 0.1; done");
        lab.server.down();

        MeshCommands meshes = lab.keeper(MeshLab.QUICK);
        lab.tellStarted("a");

        eventually(() -> assertThat(meshes.leftBehind().blockingGet())
                .containsEntry(a, List.of(first.hostId() + " on " + MeshServer.NAME)));
        assertThat(NetmakerInspection.leftBehind(lab.records()))
                .containsExactly("host " + first.hostId() + " (container a) on " + MeshServer.NAME);
        lab.server.up();
        lab.events.expect(MeshCleaned.class, event -> event.hostId().equals(first.hostId()));
        assertThat(lab.server.hosts()).isEqualTo(1);
        assertThat(lab.server.hostIds()).doesNotContain(first.hostId());
    }

    @Test
    void the_copy_of_a_container_is_refused_and_takes_nothing_from_the_original() throws Exception {
        lab.tokens("A=" + lab.server.token(3));
        ContainerId a = lab.create("a", "A");
        ContainerId b = lab.create("b", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        MeshJoined original = lab.joined(a);
        lab.copyIdentity("a", "b");

        lab.containers.start("b");

        EnrollmentRefused refused = lab.events.expect(
                EnrollmentRefused.class, event -> event.container().equals(b));
        assertThat(refused.message()).isEqualTo("it has the identity of container a in its /etc/netclient");
        assertThat(refused.remedy()).contains("remove all of /etc/netclient");
        assertThat(meshes.leave(b).blockingGet()).isTrue();
        assertThat(lab.server.hostIds()).containsExactly(original.hostId());
        meshes.recheck(b).blockingAwait();
        lab.forgetIdentity("b");

        MeshJoined copy = lab.joined(b);
        assertThat(lab.server.hostIds()).containsExactly(original.hostId(), copy.hostId());
        assertThat(lab.events.seen(MeshOrphaned.class)).isEmpty();
    }

    @Test
    void the_host_of_a_destroyed_container_stays_as_long_as_a_copy_of_it_lives() throws Exception {
        lab.tokens("A=" + lab.server.token(3));
        ContainerId a = lab.create("a", "A");
        ContainerId b = lab.create("b", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        MeshJoined original = lab.joined(a);
        lab.containers.stop("a");
        lab.copyIdentity("a", "b");
        lab.containers.start("b");
        lab.events.expect(EnrollmentRefused.class, event -> event.container().equals(b));

        assertThat(meshes.leave(a).blockingGet()).isTrue();
        lab.containers.destroy("a");

        assertThat(lab.server.hostIds()).containsExactly(original.hostId());
        lab.startDaemon("b");
        MeshJoined copy = lab.joined(b);
        assertThat(copy.hostId()).isEqualTo(original.hostId());
        assertThat(lab.server.registrations()).isEqualTo(1);
        assertThat(Files.readString(lab.records().resolve("hosts.json"))).contains("\"container\" : \"b\"");
    }
}
