// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.view.HostView;

class ContainerPhasesTest {
    private static final ContainerId WEB = Kind.DOCKER.id("3f2ab1c9d0e1");

    private final HostView view = new HostView(new HostView.Start("here", false, 1, List.of()));

    private static Workload web(String name) {
        return new EngineContainer(WEB, name, "nginx:1", "none", Asked.NOTHING);
    }

    private ContainerStatus status() {
        return new ContainerPhases(view).of(WEB, Optional.empty());
    }

    @Test
    void a_status_has_the_workload_as_the_last_event_said_it() {
        view.apply(new ContainerDefined(web("web")));
        view.apply(new ContainerStarted(web("web"), 4711));
        assertThat(status().workload()).contains(web("web"));
        assertThat(status().running()).isTrue();
        view.apply(new ContainerDefined(web("shop")));
        assertThat(status().workload()).contains(web("shop"));
        assertThat(status().running()).isTrue();
    }
}
