// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshDelayed;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.plan.MeshIntent;

/** Containers that name no token, where keys can be made. */
class MintedKeyIT {
    private final MeshLab lab = new MeshLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void a_key_is_made_for_one_join_and_deleted_after_it() throws NetmakerException {
        lab.mintKeys();
        ContainerId a = lab.create("a", "");
        MeshCommands meshes = lab.start(MeshLab.PATIENT);
        meshes.check(new MeshIntent(Optional.empty())).blockingAwait();

        lab.containers.start("a");

        lab.joined(a);
        eventually(() -> assertThat(lab.server.madeKeysLeft()).isZero());
        assertThat(lab.server.keysMade()).isEqualTo(1);
        eventually(
                () -> assertThat(NetmakerInspection.leftBehind(lab.records())).isEmpty());
        assertThat(meshes.leave(a).blockingGet()).isTrue();
        assertThat(lab.server.hosts()).isZero();
    }

    @Test
    void a_key_is_deleted_after_a_join_that_failed_and_the_next_has_another() {
        lab.mintKeys();
        ContainerId a = lab.create("a", "");
        lab.server.refuseKeys(true);
        lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        assertThat(lab.events.expect(MeshDelayed.class, event -> true).reason())
                .isEqualTo(
                        "the server refused the key that it had made: the key of this token has expired or is used up");
        eventually(() -> assertThat(lab.server.keysMade()).isGreaterThan(2));
        assertThat(lab.server.madeKeysLeft()).isLessThanOrEqualTo(1);
        lab.server.refuseKeys(false);

        lab.joined(a);
        eventually(() -> assertThat(lab.server.madeKeysLeft()).isZero());
    }

    @Test
    void a_key_that_one_run_of_the_agent_could_not_delete_is_deleted_by_the_next() throws NetmakerException {
        lab.mintKeys();
        ContainerId a = lab.create("a", "");
        lab.tell("a", "pause");
        lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        eventually(() -> assertThat(lab.containers.attach("a", "ps")).contains("netclient join"));
        lab.server.down();
        lab.stopKeeper();
        assertThat(lab.server.madeKeysLeft()).isEqualTo(1);
        eventually(() -> assertThat(NetmakerInspection.leftBehind(lab.records()))
                .singleElement()
                .asString()
                .startsWith("enrolment key op-dbus-a-"));

        lab.keeper(MeshLab.QUICK);
        lab.server.up();

        eventually(() -> assertThat(lab.server.madeKeysLeft()).isZero());
        eventually(
                () -> assertThat(NetmakerInspection.leftBehind(lab.records())).isEmpty());
        assertThat(lab.server.keysMade()).isEqualTo(1);
        assertThat(a.value()).isEqualTo("a");
    }

    @Test
    void a_host_that_waits_for_approval_is_reported_at_once() {
        lab.mintKeys();
        ContainerId a = lab.create("a", "");
        lab.server.requireApproval(true);
        MeshCommands meshes = lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);
        assertThat(refused.message()).isEqualTo("nm.test registered it, and it waits for approval there");
        assertThat(lab.status(meshes, a).isStuck()).isTrue();
        lab.server.approve();

        lab.joined(a);
        assertThat(lab.server.keysMade()).isEqualTo(1);
    }

    @Test
    void a_refused_credential_is_reported_and_read_again() throws IOException {
        lab.mintKeys();
        Files.writeString(lab.credentialFile(), "wrong\n");
        ContainerId a = lab.create("a", "");
        MeshCommands meshes = lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);
        assertThat(refused.message()).contains("does not take the credential in " + lab.credentialFile());
        assertThat(lab.status(meshes, a).isStuck()).isTrue();
        Files.writeString(lab.credentialFile(), lab.server.credential() + "\n");

        lab.joined(a);
    }

    @Test
    void no_key_is_made_for_a_network_that_the_server_does_not_have() {
        lab.server.change(world -> world.networks.clear());
        lab.server.change(world -> world.networks.add("other"));
        lab.mintKeys();
        ContainerId a = lab.create("a", "");
        MeshCommands meshes = lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);
        assertThat(refused.message()).endsWith(" has no network prod; it has other");
        assertThat(refused.remedy()).contains("netmaker.api.networks");
        assertThat(lab.status(meshes, a).isStuck()).isTrue();
        assertThat(lab.server.keysMade()).isZero();
        assertThat(lab.logged())
                .anyMatch(line ->
                        line.contains("no key can be created") && line.contains("has no network prod; it has other"));
        lab.server.change(world -> world.networks.add("prod"));

        lab.joined(a);
        assertThat(lab.server.keysMade()).isEqualTo(1);
    }

    @Test
    void a_key_that_turns_out_to_lead_elsewhere_is_deleted_again() {
        lab.server.change(world -> world.networkOfKeys = "other");
        lab.mintKeys();
        ContainerId a = lab.create("a", "");
        lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        EnrollmentRefused refused = lab.events.expect(
                EnrollmentRefused.class, event -> event.container().equals(a));

        assertThat(refused.message()).endsWith(" made a key that does not lead into prod");
        eventually(() -> assertThat(lab.server.madeKeysLeft()).isZero());
        assertThat(lab.server.registrations()).isZero();
    }
}
