// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.TestCommand.Result;
import org.opdbus.ledger.Entry;

/** A real agent whose clock jumps by hours while containers start and stop. */
final class JumpedClockIT {
    @Test
    void a_clock_jump_is_logged_in_one_line_and_changes_only_the_times_in_the_ledger() {
        try (TestHost scene = new TestHost(Map.of())) {
            scene.ovs.start();
            scene.ovs.addBridge(TestHost.BRIDGE);
            scene.agent.startTrapped();
            scene.run("100");
            scene.awaitEnrolled("100", "vi100");

            scene.agent.setClock(Duration.ofHours(6));
            awaitTold(scene, "clock.jumped by=PT6H ");
            scene.run("101");
            scene.awaitEnrolled("101", "vi101");

            scene.agent.setClock(Duration.ofHours(-12));
            awaitTold(scene, "clock.jumped by=PT-18H ");
            scene.run("102");
            scene.awaitEnrolled("102", "vi102");
            scene.lxc.stop("101");
            scene.awaitPorts("vi100", "vi102");
            assertThat(scene.agent.logText().lines().filter(line -> line.contains("clock.jumped")))
                    .hasSize(2)
                    .allMatch(line -> line.contains(" WARN "));

            // The next run finds what this one left, under another clock.
            scene.agent.kill();
            scene.agent.start();
            scene.awaitEnrolled("100", "vi100");
            scene.awaitEnrolled("102", "vi102");
            eventually(() ->
                    assertThat(LedgerStory.of(scene.agent).isToldOnce().open()).hasSize(2));

            List<Entry> ledger = scene.agent.ledger();
            assertThat(ledger).extracting(Entry::height).isSorted();
            Result verified = TestCommand.run(scene.agent.config(), "ledger", "verify");
            assertThat(verified.status()).as(verified.toString()).isZero();
            assertThat(verified.toString()).contains("clock was set back");
        }
    }

    /** The jump is checked at every listing; a database that was away is listed again. */
    private static void awaitTold(TestHost scene, String words) {
        scene.ovs.killDatabase();
        scene.ovs.startDatabase();
        eventually(() -> assertThat(scene.agent.logText()).contains(words));
    }
}
