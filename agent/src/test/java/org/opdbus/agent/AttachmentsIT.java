// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.opdbus.verticles.testing.PrivateDocker;

final class AttachmentsIT extends AttachmentCases {
    AttachmentsIT() {
        super("docker", new PrivateDocker());
    }

    @Test
    void a_container_of_LXC_whose_entry_names_no_bridge_is_taken_off_it() throws IOException {
        scene.run(Definition.of("100"));
        scene.awaitEnrolled("100", "vi100");
        Path state = state("\"lxc\":{\"containers\":[{\"id\":\"100\",\"bridge\":\"\"}]}");
        assertThat(apply(state).lines()).contains("Took vi100 off its bridge");
        assertThat(scene.ports()).isEmpty();
        assertThat(apply(state)).isEqualTo(SILENCE);
    }

    @Test
    void an_enrolment_whose_port_was_taken_off_as_the_agent_ended_is_closed_by_the_next_run() throws IOException {
        scene.run(Definition.of("100"));
        scene.awaitEnrolled("100", "vi100");
        scene.agent.kill();
        scene.ovs.vsctl("del-port", "vi100");
        apply(state("\"lxc\":{\"containers\":[{\"id\":\"100\",\"bridge\":\"\"}]}"));
        scene.agent.start();
        eventually(() -> assertThat(scene.agent.ledger("container.left", "100"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.data().toString()).contains("attached to nothing")));
        assertThat(scene.agent.ledger("drift.seen", "100")).isEmpty();
        assertThat(scene.ports()).isEmpty();
    }
}
