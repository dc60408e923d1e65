// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.opdbus.verticles.view.Enrollment;

/**
 * The agent is killed between any two of its steps; the next run completes what it finds, and reports that once. The
 * points after one step and before the next are the same, except for the ledger's entry, which is written between the
 * last two.
 */
@TestInstance(Lifecycle.PER_CLASS)
class KilledBetweenStepsIT {
    private final TestHost scene = new TestHost(Map.of());
    private int containers = 100;

    @BeforeAll
    void start() {
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before namespaceOf",
                "after look",
                "after name",
                "after raise",
                "after attach",
                "before finishChecksums",
                "before stamp",
                "after stamp"
            })
    void an_enrolment_is_finished_by_the_next_run(String boundary) {
        killWhileEnrolling(boundary, Definition.of(newId()), "[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"before adopt", "after adopt", "after name", "after swap"})
    void an_enrolment_of_what_lxc_attached_is_finished_by_the_next_run(String boundary) {
        killWhileEnrolling(
                boundary, Definition.of(newId()).link(TestHost.BRIDGE).vlan(42), "42");
    }

    private void killWhileEnrolling(String boundary, Definition definition, String tag) {
        String id = definition.id();
        scene.lxc.create(definition);
        scene.agent.startThatHalts(boundary);
        scene.lxc.start(id);
        scene.agent.awaitEnd();
        assertThat(scene.lxc.state(id)).isEqualTo("RUNNING");
        scene.agent.start();

        scene.awaitEnrolled(id, "vi" + id);
        assertThat(scene.ports()).noneMatch(port -> port.startsWith("veth"));
        eventually(() -> {
            LedgerStory story = LedgerStory.of(scene.agent).isToldOnce();
            List<Enrollment> open = story.open(id);
            assertThat(open).as("%s", story).hasSize(1);
            Rows rows = Rows.of(scene.ovs);
            assertThat(rows.tag("vi" + id)).isEqualTo(tag);
            assertThat(rows.externalIds("vi" + id))
                    .containsEntry("op-dbus:enrollment", open.get(0).id())
                    .containsEntry(
                            "op-dbus:entry", open.get(0).entry().orElseThrow().toString());
            assertThat(story.of("link.renamed", id)).as("%s", story).hasSizeLessThan(2);
            assertThat(story.of("drift.seen", id)).as("%s", story).isEmpty();
            if (List.of("after attach", "after swap").contains(boundary)) {
                assertThat(story.of("container.enrolled", id).get(0).data()).containsEntry("recovered", true);
            }
        });
        scene.lxc.stop(id);
        eventually(() ->
                assertThat(LedgerStory.of(scene.agent).isToldOnce().open(id)).isEmpty());
        assertThat(scene.ports()).doesNotContain("vi" + id);
        scene.agent.kill();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before presence", "after presence", "after remove"})
    void a_removal_is_finished_by_the_next_run(String boundary) {
        String id = newId();
        scene.agent.startTrapped();
        scene.run(id);
        scene.awaitEnrolled(id, "vi" + id);
        eventually(() -> assertThat(LedgerStory.of(scene.agent).open(id)).hasSize(1));

        scene.agent.trap(boundary, "halt");
        scene.lxc.stop(id);
        scene.agent.awaitEnd();
        scene.agent.start();

        scene.awaitPorts();
        eventually(() -> {
            List<Entry> left = LedgerStory.of(scene.agent).isToldOnce().of("container.left", id);
            assertThat(left).hasSize(1);
            assertThat(left.get(0).data()).containsEntry("recovered", true);
        });
        scene.agent.kill();
    }

    private String newId() {
        return String.valueOf(containers++);
    }
}
