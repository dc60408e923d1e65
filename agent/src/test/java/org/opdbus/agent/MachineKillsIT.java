// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.verticles.testing.QemuMachine;

/** The agent is killed between any two of its steps for a virtual machine; its next run completes what it finds. */
@TestInstance(Lifecycle.PER_CLASS)
class MachineKillsIT {
    private static final String TAP = "tap0";

    private final TestHost host = new TestHost(Map.of());

    @BeforeAll
    void start() throws IOException {
        Files.writeString(
                host.agent.stateFile(),
                "{\"version\":1,\"plugins\":{\"vm\":{\"machines\":[{\"id\":\"web\",\"bridge\":\"" + TestHost.BRIDGE
                        + "\",\"properties\":{\"vlan\":42}}]}}}");
        host.ovs.start();
        host.ovs.addBridge(TestHost.BRIDGE);
    }

    @AfterEach
    void end() {
        host.agent.kill();
    }

    @AfterAll
    void close() {
        host.close();
        eventually(() -> assertThat(TestHost.sh("ip", "-oneline", "link")).doesNotContain(TAP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"before raise", "after raise", "before attach", "after attach", "before stamp", "after stamp"})
    void an_enrolment_is_finished_by_the_next_run(String boundary) {
        host.agent.startThatHalts(boundary);
        beside(() -> {
            host.agent.awaitEnd();
            host.agent.start();
            awaitEnrolled();
        });
        awaitNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before adopt", "after adopt", "before retag", "after retag", "after stamp"})
    void an_adoption_is_finished_by_the_next_run(String boundary) {
        beside(() -> {
            eventually(() -> assertThat(TestHost.linkExists(TAP)).isTrue());
            host.ovs.vsctl("add-port", TestHost.BRIDGE, TAP);
            host.agent.startThatHalts(boundary);
            host.agent.awaitEnd();
            host.agent.start();
            awaitEnrolled();
        });
        awaitNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before remove", "after remove"})
    void a_removal_is_finished_by_the_next_run(String boundary) {
        host.agent.startTrapped();
        beside(() -> {
            awaitEnrolled();
            host.agent.trap(boundary, "halt");
        });
        host.agent.awaitEnd();
        host.agent.start();
        awaitNothing();
    }

    /** Does this while the machine runs. */
    private static void beside(Runnable work) {
        QemuMachine machine = QemuMachine.start("web", TAP);
        try {
            work.run();
        } finally {
            machine.close();
        }
    }

    private void awaitEnrolled() {
        eventually(() -> {
            Rows rows = Rows.of(host.ovs);
            assertThat(rows.ofport(TAP)).as(host.agent.logText()).isPositive();
            assertThat(rows.tag(TAP)).isEqualTo("42");
            assertThat(rows.externalIds(TAP))
                    .containsEntry("op-dbus:container", "vm:web")
                    .containsKey("op-dbus:entry");
            assertThat(LedgerStory.of(host.agent).isToldOnce().open())
                    .singleElement()
                    .satisfies(open -> assertThat(open.port()).isEqualTo(TAP));
        });
    }

    private void awaitNothing() {
        host.awaitPorts();
        eventually(
                () -> assertThat(LedgerStory.of(host.agent).isToldOnce().open()).isEmpty());
    }
}
