// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The file system of the ledger is full: enrolment continues, the log reports it, and recording continues when there
 * is space.
 */
class AgentFullDiskIT {
    @Test
    void enrolment_goes_on_without_room_for_the_ledger_and_the_gap_is_recorded() throws IOException {
        try (TestHost scene = new TestHost(Map.of())) {
            Path ledger = Files.createDirectories(scene.agent.ledgerDir());
            sh("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", ledger.toString());
            scene.start();
            scene.run("100");
            scene.awaitEnrolled("100", "vi100");

            sh("sh", "-c", "dd if=/dev/zero of=" + ledger + "/.fill bs=4k 2>/dev/null; true");
            eventually(() -> {
                scene.lxc.stop("100");
                scene.lxc.start("100");
                scene.awaitEnrolled("100", "vi100");
                assertThat(scene.agent.logText()).contains("ledger.degraded");
            });

            Files.delete(ledger.resolve(".fill"));
            eventually(() -> assertThat(scene.agent.logText()).contains("ledger.recovered"));
            eventually(() ->
                    assertThat(scene.agent.ledger("ledger.recovered", "ledger")).hasSize(1));
            scene.lxc.stop("100");
            scene.awaitPorts();
            assertThat(scene.agent.verification().intact()).isTrue();
        }
    }
}
