// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Open vSwitch, or the bridge, is missing when a container starts. */
class AbsentSwitchIT {
    @Test
    void containers_start_without_open_vswitch_and_are_enrolled_when_it_comes() {
        try (TestHost scene = new TestHost(Map.of())) {
            scene.agent.start();
            scene.run("100");
            scene.run("101");
            scene.awaitState("100", "waiting", "Open vSwitch's database cannot be reached");
            assertThat(scene.agent.container("100").path("veth").asText()).startsWith("veth");

            scene.ovs.start();
            scene.awaitState("100", "refused", "no bridge vmbr0");
            eventually(() ->
                    assertThat(scene.agent.ledger("enrollment.refused", "100")).hasSize(1));

            scene.ovs.addBridge(TestHost.BRIDGE);
            scene.awaitEnrolled("100", "vi100");
            scene.awaitEnrolled("101", "vi101");
            long said = scene.agent
                    .logText()
                    .lines()
                    .filter(line -> line.contains("source.lost"))
                    .count();
            assertThat(said).as(scene.agent.logText()).isEqualTo(1);
        }
    }

    @Test
    void an_agent_that_starts_while_the_database_hangs_enrols_when_it_goes_on() {
        try (TestHost scene = new TestHost(Map.of())) {
            scene.ovs.start();
            scene.ovs.addBridge(TestHost.BRIDGE);
            scene.ovs.pauseDatabase();
            scene.agent.start();
            scene.run("100");
            scene.awaitState("100", "waiting", "Open vSwitch's database cannot be reached");

            scene.ovs.resumeDatabase();
            scene.awaitEnrolled("100", "vi100");
        }
    }
}
