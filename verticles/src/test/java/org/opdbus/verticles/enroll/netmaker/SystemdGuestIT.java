// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.MeshEvent.MeshLost;
import org.opdbus.events.MeshEvent.MeshRecovered;
import org.opdbus.events.MeshEvent.MeshRegistered;

/** A container whose init is a real systemd, and netclient's service there. */
class SystemdGuestIT {
    private final MeshLab lab = new MeshLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void a_container_of_systemd_joins_once_the_service_is_installed_and_a_dead_service_is_named() throws IOException {
        lab.tokens("A=" + lab.server.token(1));
        ContainerId a = lab.createWithSystemd("a", "A");
        // The service sleeps first, as the real one does for 17 s.
        Files.writeString(lab.containers.rootfs("a").resolve("etc/double.sleep"), "4\n");
        MeshCommands meshes = lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);
        assertThat(refused.message()).isEqualTo("netclient is in the container, and its service is not installed");
        assertThat(lab.server.registrations()).isZero();
        awaitReload();
        lab.inBackground("a", "cp /usr/bin/netclient /root/netclient && /root/netclient install");

        lab.events.expect(MeshRegistered.class, event -> true);
        lab.joined(a);
        assertThat(lab.containers.attach("a", "systemctl", "is-active", "netclient"))
                .isEqualTo("active\n");
        assertThat(lab.containers.attach("a", "cat", "/proc/1/comm")).isEqualTo("systemd\n");

        lab.containers.attach("a", "sh", "-c", "systemctl stop netclient; ip link del netmaker 2>/dev/null; :");
        eventually(() -> assertThat(lab.events.seen(MeshLost.class))
                .extracting(MeshLost::reason)
                .contains("it has no interface netmaker: netclient's daemon does not run in it"
                        + " (its service is inactive)"));
        assertThat(lab.status(meshes, a).remedy()).contains("systemctl enable --now netclient");
        lab.inBackground("a", "systemctl start netclient");

        lab.events.expect(MeshRecovered.class, event -> event.container().equals(a));
        assertThat(lab.server.registrations()).isEqualTo(1);
    }

    /** One container for all folders, because systemd takes seconds to start. */
    @Test
    void netclient_is_found_in_each_of_its_folders_in_a_container_of_systemd() throws IOException {
        List<String> folders = List.of("sbin", "usr/sbin", "usr/bin", "usr/local/bin");
        lab.tokens("A=" + lab.server.token(folders.size()));
        ContainerId a = lab.createWithSystemd("a", "A");
        Path root = lab.containers.rootfs("a");
        Files.delete(root.resolve("usr/bin/netclient"));
        lab.start(MeshLab.PATIENT);
        lab.containers.start("a");
        lab.events.expect(
                EnrollmentRefused.class, event -> event.message().equals("netclient is not in the container"));
        Set<String> hosts = new HashSet<>();

        for (String folder : folders) {
            service(root, folder);
            NetclientDouble.put(root, folder);
            awaitReload();
            lab.containers.attach("a", "systemctl", "start", "netclient");

            MeshJoined joined = lab.events.expect(
                    MeshJoined.class, event -> event.container().equals(a) && !hosts.contains(event.hostId()));
            hosts.add(joined.hostId());
            assertThat(lab.containers.attach(
                            "a", "sh", "-c", "tr '\\0' ' ' </proc/$(cat /var/run/netclient.pid)/cmdline"))
                    .contains(" /" + folder + "/netclient daemon");
            Files.delete(root.resolve(folder).resolve("netclient"));
            lab.containers.attach("a", "systemctl", "stop", "netclient");
            lab.forgetIdentity("a");
        }

        assertThat(lab.server.registrations()).isEqualTo(folders.size());
    }

    /** Has systemd read its units again; a container that has just started has no systemd yet that could be asked. */
    private void awaitReload() {
        eventually(() -> assertThat(
                        lab.containers.attach("a", "sh", "-c", "systemctl daemon-reload 2>&1 && echo reloaded; :"))
                .isEqualTo("reloaded\n"));
    }

    private static void service(Path root, String folder) throws IOException {
        Files.writeString(
                root.resolve("etc/systemd/system/netclient.service"),
                "[Service]\nExecStart=/" + folder + "/netclient daemon\n");
    }
}
