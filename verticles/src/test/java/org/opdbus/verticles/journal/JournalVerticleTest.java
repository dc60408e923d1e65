// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;

class JournalVerticleTest {
    @Test
    void the_start_of_a_container_of_an_engine_names_it() {
        EngineContainer web =
                new EngineContainer(Kind.DOCKER.id("3f2ab1c9d0e1"), "web", "nginx:1", "none", Asked.NOTHING);
        assertThat(JournalVerticle.words(new ContainerStarted(web, 4711).data()))
                .isEqualTo(" container={id:docker:3f2ab1c9d0e1,name:web,image:nginx:1,network:none} initPid=4711");
    }
}
