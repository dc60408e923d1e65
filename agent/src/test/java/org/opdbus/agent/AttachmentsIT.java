// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

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
}
