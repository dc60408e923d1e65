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
import org.junit.jupiter.params.provider.CsvSource;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** The agent is killed right before or after one of its steps; the next run finishes what it finds, and says so once. */
@TestInstance(Lifecycle.PER_CLASS)
class KilledBetweenStepsIT {
    private final Scene scene = new Scene(Map.of());
    private int containers = 100;

    @BeforeAll
    void start() {
        scene.ovs.start();
        scene.ovs.addBridge(Scene.BRIDGE);
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource({
        "namespaceOf,false", "namespaceOf,true", "name,false", "name,true", "prepare,false", "prepare,true",
        "attach,false", "attach,true", "mark,false", "mark,true", "swap,false", "swap,true"
    })
    void an_enrolment_is_finished_by_the_next_run(String step, boolean after) {
        String id = String.valueOf(containers++);
        boolean attachedByLxc = step.equals("swap") || step.equals("mark");
        scene.lxc.create(attachedByLxc ? Definition.of(id).link(Scene.BRIDGE).vlan(42) : Definition.of(id));

        scene.agent.startThatHalts(step, after);
        scene.lxc.start(id);
        scene.agent.awaitEnd();
        scene.agent.start();

        scene.awaitEnrolled(id, "vi" + id);
        assertThat(scene.ovs.vsctl("get", "Port", "vi" + id, "tag").strip()).isEqualTo(attachedByLxc ? "42" : "[]");
        eventually(() -> assertThat(open(id)).hasSize(1));
        assertThat(scene.ports()).noneMatch(port -> port.startsWith("veth"));
        assertThat(scene.agent.verification().intact()).isTrue();
        scene.lxc.stop(id);
        eventually(() -> assertThat(open(id)).isEmpty());
        assertThat(scene.ports()).doesNotContain("vi" + id);
        scene.agent.kill();
    }

    @ParameterizedTest
    @CsvSource({"remove,false", "remove,true"})
    void a_removal_is_finished_by_the_next_run(String step, boolean after) {
        String id = String.valueOf(containers++);
        scene.agent.startThatHalts(step, after);
        scene.run(id);
        scene.awaitEnrolled(id, "vi" + id);
        eventually(() -> assertThat(open(id)).hasSize(1));

        scene.lxc.stop(id);
        scene.agent.awaitEnd();
        scene.agent.start();

        scene.awaitPorts();
        eventually(() -> assertThat(scene.agent.ledger("container.left", id)).hasSize(1));
        assertThat(scene.agent.ledger("container.left", id).get(0).data().get("recovered"))
                .isEqualTo(true);
        assertThat(scene.agent.verification().intact()).isTrue();
        scene.agent.kill();
    }

    /** The enrolments of this container that began and did not end, by the ledger alone. */
    private List<Entry> open(String id) {
        List<String> ended = scene.agent.ledger("container.left", id).stream()
                .map(entry -> String.valueOf(entry.data().get("enrollment")))
                .toList();
        return scene.agent.ledger("container.enrolled", id).stream()
                .filter(entry -> !ended.contains(String.valueOf(entry.data().get("enrollment"))))
                .toList();
    }
}
