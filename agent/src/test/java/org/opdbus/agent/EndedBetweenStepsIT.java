// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.linkExists;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** The container is killed, or killed and destroyed, while the agent is between two steps of its enrolment. */
@TestInstance(Lifecycle.PER_CLASS)
class EndedBetweenStepsIT {
    private final TestHost scene = new TestHost(Map.of());
    private int containers = 100;

    @BeforeAll
    void start() {
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        scene.agent.startTrapped();
    }

    @AfterAll
    void close() {
        scene.close();
        assertThat(scene.agent.logText()).doesNotContain("ERROR").doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before namespaceOf",
                "before look",
                "before name",
                "before attach",
                "after attach",
                "before stamp",
                "after stamp"
            })
    void a_container_that_ends_between_two_steps_leaves_nothing(String boundary) {
        endAndCheck(boundary, Definition.of(newId()), "");
        endAndCheck(boundary, Definition.of(newId()), " && lxc-destroy -P %1$s -n %2$s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"before adopt", "after adopt", "before name", "before swap", "after swap", "before stamp"})
    void a_container_that_lxc_attached_and_that_ends_between_two_steps_leaves_nothing(String boundary) {
        endAndCheck(boundary, Definition.of(newId()).link(TestHost.BRIDGE).vlan(42), "");
        endAndCheck(boundary, Definition.of(newId()).link(TestHost.BRIDGE).vlan(42), " && lxc-destroy -P %1$s -n %2$s");
    }

    private void endAndCheck(String boundary, Definition definition, String further) {
        String id = definition.id();
        String deed =
                "export OVS_RUNDIR=%3$s; lxc-stop -P %1$s -n %2$s -k && lxc-wait -P %1$s -n %2$s -s STOPPED -t 30";
        scene.agent.trap(boundary, (deed + further).formatted(scene.lxc.lxcPath(), id, scene.ovs.runDir()));
        scene.run(definition);
        scene.agent.awaitSprung();

        eventually(() -> {
            assertThat(scene.ports()).as(scene.agent.logText()).isEmpty();
            assertThat(linkExists("vi" + id)).isFalse();
            LedgerStory story = LedgerStory.of(scene.agent).isToldOnce();
            assertThat(story.open(id)).as("%s", story).isEmpty();
            assertThat(story.of("drift.seen", id)).as("%s", story).isEmpty();
        });
        assertThat(scene.agent.container(id).path("running").asBoolean()).isFalse();
        assertThat(scene.agent.isAlive()).isTrue();
    }

    private String newId() {
        return String.valueOf(containers++);
    }
}
