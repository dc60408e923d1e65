// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshLost;
import org.opdbus.events.MeshEvent.MeshRecovered;
import org.opdbus.events.MeshEvent.MeshRegistered;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;

/** Where netclient is in a container, and how its daemon stands there. */
class MeshServiceIT {
    private final MeshLab lab = new MeshLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sbin", "usr/sbin", "usr/bin", "usr/local/bin"})
    void netclient_is_found_in_each_of_its_folders(String folder) {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A", false, true);
        NetclientDouble.put(lab.containers.rootfs("a"), folder);
        MeshCommands meshes = lab.start(MeshLab.PATIENT);

        lab.containers.start("a");

        lab.joined(a);
        assertThat(meshes.leave(a).blockingGet()).isTrue();
        assertThat(lab.server.hosts()).isZero();
    }

    @Test
    void a_netclient_installed_onto_itself_is_reported_and_joins_once_it_is_installed() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        systemd("a");
        MeshCommands meshes = lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);
        assertThat(refused.message()).isEqualTo("netclient is in the container, and its service is not installed");
        assertThat(refused.remedy()).contains("/root/netclient install", "run from /usr/bin installs nothing");
        assertThat(lab.status(meshes, a).isStuck()).isTrue();
        assertThat(lab.containers.attach("a", "/usr/bin/netclient", "install"))
                .contains("attempting to reinstall netclient on top of itself");
        assertThat(lab.server.registrations()).isZero();
        lab.containers.attach("a", "sh", "-c", "cp /usr/bin/netclient /root/netclient && /root/netclient install");

        lab.joined(a);
    }

    @Test
    void a_daemon_that_begins_late_is_waited_for() throws IOException {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        systemd("a");
        unit("a");
        lab.tell("a", "late");
        lab.containers.start("a");
        lab.startDaemon("a");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.events.expect(MeshRegistered.class, event -> true);
        eventually(() -> assertThat(lab.status(meshes, a).why()).isNotEmpty());
        lab.tell("a", "");

        lab.joined(a);
        assertThat(lab.server.registrations()).isEqualTo(1);
    }

    @Test
    void a_stopped_daemon_is_distinguished_from_a_host_that_waits_for_approval() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        lab.tell("a", "nodaemon");
        MeshCommands meshes =
                lab.start(MeshLab.times(Duration.ofSeconds(20), Duration.ofMinutes(1), MeshLab.QUICK.silence()));
        lab.containers.start("a");

        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);

        assertThat(refused.message()).isEqualTo("nm.test registered it, and netclient's daemon does not run in it");
        assertThat(refused.remedy()).contains("netclient daemon");
        assertThat(lab.status(meshes, a).phase()).isEqualTo(Phase.UNCONFIRMED);
        lab.tell("a", "");
        lab.startDaemon("a");
        lab.joined(a);
    }

    @Test
    void a_dead_daemon_is_distinguished_from_a_missing_interface() {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.create("a", "A");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        lab.joined(a);

        lab.tell("a", "nodaemon");
        lab.containers.attach(
                "a", "sh", "-c", "kill $(cat /var/run/netclient.pid); ip link del netmaker 2>/dev/null; :");

        eventually(() -> assertThat(lab.events.seen(MeshLost.class))
                .extracting(MeshLost::reason)
                .contains("it has no interface netmaker: netclient's daemon does not run in it"));
        assertThat(lab.status(meshes, a).remedy()).contains("netclient daemon");
        lab.tell("a", "");
        lab.startDaemon("a");
        lab.events.expect(MeshRecovered.class, event -> event.container().equals(a));
        assertThat(lab.status(meshes, a).remedy()).isEmpty();
        assertThat(lab.server.registrations()).isEqualTo(1);
    }

    /** What sd_booted(3) asks for. */
    private void systemd(String id) {
        NetclientDouble.systemd(lab.containers.rootfs(id));
    }

    private void unit(String id) throws IOException {
        Path units = Files.createDirectories(lab.containers.rootfs(id).resolve("etc/systemd/system"));
        Files.writeString(units.resolve("netclient.service"), "[Service]\n");
    }
}
