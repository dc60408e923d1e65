// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.ledger.Entry;

/** With drift set to be reported only, it is reported once, shown, and not repaired. */
class ReportedDriftIT {
    @Test
    void drift_is_only_reported_if_so_configured() {
        Map<String, Object> reportOnly = Map.of("enrollment", Map.of("bridge", TestHost.BRIDGE, "onDrift", "report"));
        try (TestHost scene = new TestHost(reportOnly).start()) {
            scene.run("100");
            scene.awaitEnrolled("100", "vi100");
            scene.ovs.vsctl("set", "Port", "vi100", "tag=7");
            assertThat(drift(scene, 1)).containsEntry("what", "retagged").containsEntry("repaired", false);
            scene.awaitState("100", "drifted", "retagged");

            scene.ovs.vsctl("del-port", "vi100");
            assertThat(drift(scene, 2)).containsEntry("what", "removed").containsEntry("repaired", false);
            scene.awaitState("100", "drifted", "removed");
            assertThat(scene.ports()).isEmpty();

            scene.lxc.stop("100");
            eventually(() ->
                    assertThat(LedgerStory.of(scene.agent).isToldOnce().open()).isEmpty());
        }
    }

    private static Map<String, Object> drift(TestHost scene, int count) {
        return eventually(() -> {
            List<Entry> seen = scene.agent.ledger("drift.seen", "100");
            assertThat(seen).as("%s", scene.agent.logText()).hasSize(count);
            return seen.get(count - 1).data();
        });
    }
}
