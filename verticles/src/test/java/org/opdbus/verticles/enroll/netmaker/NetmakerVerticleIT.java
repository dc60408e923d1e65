// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshCleaned;
import org.opdbus.events.MeshEvent.MeshDelayed;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.MeshEvent.MeshLeft;
import org.opdbus.events.MeshEvent.MeshOrphaned;
import org.opdbus.events.MeshEvent.MeshRegistered;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.plan.MeshTimes;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

class NetmakerVerticleIT {
    private final MeshLab lab = new MeshLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void two_containers_join_by_themselves_and_reach_each_other_through_the_mesh() {
        lab.tokens(
                "A=" + lab.server.token(1),
                "export B='" + lab.server.token(1) + "'",
                "C=" + lab.server.token("f".repeat(32)));
        ContainerId a = lab.create("a", "A");
        ContainerId b = lab.create("b", "B");
        ContainerId revoked = lab.create("c", "C");
        MeshCommands meshes = lab.start(MeshLab.QUICK);

        lab.containers.startAll(List.of("a", "b", "c"));

        MeshJoined first = lab.joined(a);
        MeshJoined second = lab.joined(b);
        assertThat(first.network()).isEqualTo(MeshServer.NETWORK);
        assertThat(first.server()).isEqualTo(MeshServer.NAME);
        assertThat(first.recovered()).isFalse();
        String ip = second.address().substring(0, second.address().indexOf('/'));
        eventually(() -> lab.containers.attach("a", "ping", "-c", "1", "-W", "1", "-I", "netmaker", ip));
        assertThat(lab.containers.attach("a", "wg", "show", "netmaker", "latest-handshakes"))
                .doesNotContain("\t0\n");

        EnrollmentRefused refusal = refused(revoked, Refusal.MESH_REFUSED);
        assertThat(refusal.message()).isEqualTo("the server knows no key of this token: it was deleted");
        assertThat(meshes.status().blockingGet())
                .extracting(status -> status.container().value() + " " + status.phase())
                .containsExactlyInAnyOrder("a " + Phase.JOINED, "b " + Phase.JOINED, "c " + Phase.REFUSED);
        assertThat(lab.server.registrations()).isEqualTo(3);
        assertThat(lab.containers.state("c")).isEqualTo("RUNNING");
    }

    @Test
    void a_container_joins_when_the_server_comes_back() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.server.down();
        lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        MeshDelayed delayed = lab.events.expect(MeshDelayed.class, event -> true);
        assertThat(delayed.reason()).contains("cannot be reached", "connection refused");
        lab.server.up();

        lab.joined(a);
        assertThat(lab.events.seen(MeshDelayed.class)).hasSize(1);
    }

    @Test
    void a_container_without_netclient_is_reported_and_joins_once_it_is_installed() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A", false, true);
        MeshCommands meshes = lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        assertThat(refused(a, Refusal.MESH_NOT_POSSIBLE).remedy()).isEqualTo("install netclient in the container");
        assertThat(lab.status(meshes, a).isStuck()).isTrue();
        lab.putNetclient("a");

        lab.joined(a);
    }

    @Test
    void a_container_in_which_WireGuard_cannot_run_is_told_the_lines_that_let_it() throws IOException {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A", true, false);
        MeshCommands meshes = lab.start(MeshLab.QUICK);

        lab.containers.start("a");

        assertThat(refused(a, Refusal.MESH_NOT_POSSIBLE).remedy())
                .contains("lxc.cgroup2.devices.allow = c 10:200 rwm")
                .contains("lxc.mount.entry = /dev/net/tun dev/net/tun none bind,create=file");
        assertThat(lab.status(meshes, a).isStuck()).isTrue();
        assertThat(lab.server.registrations()).isZero();
        lab.containers.stop("a");
        Files.writeString(lab.containers.lxcPath().resolve("a/config"), """
                lxc.cgroup2.devices.allow = c 10:200 rwm
                lxc.mount.entry = /dev/net/tun dev/net/tun none bind,create=file
                """, StandardOpenOption.APPEND);
        lab.containers.start("a");

        lab.joined(a);
    }

    @Test
    void a_netclient_that_hangs_is_ended_and_run_again() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.tell("a", "hang");
        lab.start(times(Duration.ofSeconds(2), Duration.ofMinutes(1)));

        lab.containers.start("a");
        assertThat(lab.events.expect(MeshDelayed.class, event -> true).reason()).contains("hung");
        lab.tell("a", "");

        lab.joined(a);
        eventually(() -> assertThat(lab.containers.attach("a", "ps")).doesNotContain("netclient join"));
    }

    @Test
    void a_container_that_is_stopped_while_it_joins_joins_when_it_runs_again() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.tell("a", "hang");
        lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        eventually(() -> assertThat(lab.containers.attach("a", "ps")).contains("netclient join"));
        lab.containers.stop("a");
        lab.tell("a", "");
        lab.containers.start("a");

        lab.joined(a);
    }

    @Test
    void a_key_that_is_used_up_is_not_tried_again_until_another_takes_its_place() {
        String token = lab.server.token(1);
        lab.tokens("A=" + token, "B=" + token);
        ContainerId a = lab.create("a", "A");
        ContainerId b = lab.create("b", "B");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        lab.joined(a);

        lab.containers.start("b");
        assertThat(refused(b, Refusal.MESH_REFUSED).message())
                .isEqualTo("the key of this token has expired or is used up");
        assertThat(lab.status(meshes, b).isStuck()).isTrue();
        assertThat(lab.server.registrations()).isEqualTo(2);
        lab.tokens("A=" + token, "B=" + lab.server.token(1));

        lab.joined(b);
        assertThat(lab.server.registrations()).isEqualTo(3);
    }

    @Test
    void a_host_that_waits_for_approval_is_reported_once_and_joins_when_approved() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.server.requireApproval(true);
        MeshCommands meshes = lab.start(times(Duration.ofSeconds(20), Duration.ofSeconds(2)));

        lab.containers.start("a");
        lab.events.expect(MeshRegistered.class, event -> event.container().equals(a));
        assertThat(refused(a, Refusal.MESH_UNCONFIRMED).remedy()).contains("approval");
        assertThat(lab.status(meshes, a).isStuck()).isTrue();
        lab.server.approve();

        lab.joined(a);
        assertThat(lab.server.registrations()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void leaving_removes_the_host_from_a_server_of_any_version(MeshServer.Version version) {
        lab.server.version(version);
        lab.tokens("A=" + lab.server.token(2));
        ContainerId running = lab.create("a", "A");
        ContainerId stopped = lab.create("b", "A");
        MeshCommands meshes = lab.start(MeshLab.PATIENT);
        lab.containers.startAll(List.of("a", "b"));
        lab.joined(running);
        lab.joined(stopped);
        lab.containers.stop("b");

        for (ContainerId id : List.of(running, stopped)) {
            assertThat(meshes.leave(id).blockingGet())
                    .as("%s", lab.events.seen(MeshOrphaned.class))
                    .isTrue();
        }

        assertThat(lab.server.hosts()).isZero();
        eventually(() -> assertThat(lab.events.seen(MeshLeft.class)).hasSize(2));
        eventually(() -> assertThat(lab.ledgerOf(stopped))
                .extracting(entry -> entry.substring(0, entry.indexOf(' ')))
                .contains("mesh.registered", "mesh.joined", "mesh.left"));
    }

    @Test
    void a_host_that_could_not_be_removed_is_removed_when_the_server_comes_back() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        lab.joined(a);
        lab.server.down();

        assertThat(meshes.leave(a).blockingGet()).isFalse();
        lab.events.expect(MeshOrphaned.class, event -> event.container().equals(a));
        lab.containers.stop("a").destroy("a");
        lab.server.up();

        lab.events.expect(MeshCleaned.class, event -> event.container().equals(a));
        assertThat(lab.server.hosts()).isZero();
    }

    @Test
    void a_host_that_was_left_behind_is_removed_by_the_next_run_of_the_agent() throws NetmakerException {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        lab.joined(a);
        lab.server.down();
        assertThat(meshes.leave(a).blockingGet()).isFalse();
        lab.containers.stop("a").destroy("a");
        lab.stopKeeper();
        assertThat(NetmakerInspection.leftBehind(lab.records()))
                .singleElement()
                .asString()
                .contains("container a", MeshServer.NAME);

        lab.keeper(MeshLab.QUICK);
        lab.server.up();

        lab.events.expect(MeshCleaned.class, event -> event.container().equals(a));
        assertThat(lab.server.hosts()).isZero();
        eventually(
                () -> assertThat(NetmakerInspection.leftBehind(lab.records())).isEmpty());
        eventually(() -> assertThat(lab.ledgerOf(a))
                .extracting(entry -> entry.substring(0, entry.indexOf(' ')))
                .contains("mesh.orphaned", "mesh.cleaned"));
    }

    @Test
    void the_host_of_a_destroyed_container_is_removed() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        lab.joined(a);

        lab.containers.stop("a").destroy("a");

        lab.events.expect(MeshCleaned.class, event -> event.container().equals(a));
        assertThat(lab.server.hosts()).isZero();
    }

    @Test
    void a_file_of_tokens_that_others_can_read_is_refused_until_it_is_put_right() throws IOException {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        Files.setPosixFilePermissions(lab.envFile(), PosixFilePermissions.fromString("rw-r--r--"));
        lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        assertThat(refused(a, Refusal.MESH_TOKEN).remedy()).contains("chmod 600");
        Files.setPosixFilePermissions(lab.envFile(), PosixFilePermissions.fromString("rw-------"));

        lab.joined(a);
    }

    @Test
    void a_container_joins_when_the_name_of_its_server_resolves() throws IOException {
        lab.server.name("api.nm.test");
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        assertThat(lab.events.expect(MeshDelayed.class, event -> true).reason())
                .isEqualTo("it cannot resolve the name api.nm.test");
        assertThat(lab.server.registrations()).isZero();
        Files.writeString(lab.containers.rootfs("a").resolve("etc/hosts"), "10.9.0.1 api.nm.test\n");

        lab.joined(a);
    }

    @Test
    void a_join_that_a_killed_agent_left_hanging_is_ended_before_the_next() throws IOException {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.tell("a", "hang");
        lab.containers.start("a");
        Process left = new ProcessBuilder(
                        "lxc-attach",
                        "-P",
                        lab.containers.lxcPath().toString(),
                        "-n",
                        "a",
                        "--",
                        "sh",
                        "-c",
                        "export OP_DBUS_JOIN=1; exec netclient join -t x")
                .inheritIO()
                .start();
        eventually(() -> assertThat(lab.containers.attach("a", "ps")).contains("netclient join"));
        lab.tell("a", "");
        lab.start(times(Duration.ofSeconds(2), Duration.ofMinutes(1)));

        lab.joined(a);
        assertThat(left.onExit().join().exitValue()).isNotZero();
        assertThat(lab.server.registrations()).isEqualTo(1);
    }

    private EnrollmentRefused refused(ContainerId id, Refusal reason) {
        return lab.events.expect(
                EnrollmentRefused.class, event -> event.container().equals(id) && event.reason() == reason);
    }

    private static MeshTimes times(Duration join, Duration confirm) {
        MeshTimes quick = MeshLab.QUICK;
        return MeshLab.times(join, confirm, quick.silence());
    }
}
