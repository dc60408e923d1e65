// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.testing.DatagramListener;

/** A real agent hangs, and a test in the role of systemd ends it and starts it again. */
final class WatchdogIT {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    @Test
    void an_agent_whose_event_loop_is_blocked_falls_silent_and_is_started_anew_over_an_abstract_socket()
            throws IOException {
        String address = "@op-dbus/test/" + UUID.randomUUID();
        try (DatagramListener manager = DatagramListener.at(address);
                TestHost scene = new TestHost(Map.of())) {
            hangs(scene, manager, address);
            // As the unit configures it: the stacks of all threads go to the log, then the process
            // is ended.
            TestHost.sh("kill", "-QUIT", Long.toString(scene.agent.pid()));
            eventually(() -> assertThat(scene.agent.logText())
                    .contains("Full thread dump", "org.opdbus.agent.wiring.TrappedAgent.blockIfWanted"));
            scene.agent.kill();
            scene.agent.start();
            manager.await("READY=1");
            scene.awaitEnrolled("100", "vi100");
            manager.await("WATCHDOG=1");
        }
    }

    @Test
    void an_agent_whose_event_loop_is_blocked_falls_silent_over_a_socket_file() throws IOException {
        String address =
                Files.createTempDirectory("op-dbus-notify").resolve("notify").toString();
        try (DatagramListener manager = DatagramListener.at(address);
                TestHost scene = new TestHost(Map.of())) {
            hangs(scene, manager, address);
            scene.agent.kill();
        }
    }

    private static void hangs(TestHost scene, DatagramListener manager, String address) {
        scene.agent.environment(
                Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", Long.toString(LIMIT.toMillis() * 1_000)));
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        scene.agent.startTrapped();
        manager.await("WATCHDOG=1");
        manager.await("WATCHDOG=1");

        scene.agent.trap("before look", "block");
        scene.run("100");
        scene.agent.awaitSprung();
        awaitSilence(manager);
        assertThat(scene.agent.isAlive()).isTrue();
    }

    /** Returns when there was no sign of life for as long as systemd would wait. */
    private static void awaitSilence(DatagramListener manager) {
        eventually(() -> {
            Optional<String> said = manager.next(LIMIT);
            assertThat(said).isEmpty();
        });
    }
}
