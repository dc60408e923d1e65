// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
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
        NetmakerVerticle verticle = lab.start(MeshLab.QUICK);

        lab.containers.start("a");
        EnrollmentRefused refused = lab.events.expect(EnrollmentRefused.class, event -> true);
        assertThat(refused.message()).isEqualTo("netclient is in the container, and its service is not installed");
        assertThat(lab.server.registrations()).isZero();
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
        assertThat(lab.status(verticle, a).remedy()).contains("systemctl enable --now netclient");
        lab.inBackground("a", "systemctl start netclient");

        lab.events.expect(MeshRecovered.class, event -> event.container().equals(a));
        assertThat(lab.server.registrations()).isEqualTo(1);
    }
}
