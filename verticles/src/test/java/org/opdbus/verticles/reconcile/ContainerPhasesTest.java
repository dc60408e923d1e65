// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.disposables.Disposable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Refusal;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.bus.StepException.Reason;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
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

    @Test
    void a_refusal_of_the_planner_has_its_remedy() {
        Work work = new Work();
        work.plan = Optional.of(Plan.alone(new Refuse(Refusal.NO_SUCH_BRIDGE, "there is no vmbr0", "make it")));
        ContainerStatus status = new ContainerPhases(view).of(WEB, Optional.of(work));
        assertThat(status.standing()).isEqualTo(ContainerPhase.REFUSED);
        assertThat(status.why()).isEqualTo("there is no vmbr0");
        assertThat(status.remedy()).isEqualTo("make it");
    }

    @Test
    void a_step_that_failed_has_its_remedy() {
        PlannedStep step = new Step(WEB, Subject.CONTAINER);
        Work work = new Work();
        work.plan = Optional.of(Plan.alone(new Act(step)));
        work.failed(
                step,
                Trouble.of(new StepException(Reason.PORT_REFUSED, "no room", "free some", new IOException())),
                Disposable.empty());
        ContainerStatus status = new ContainerPhases(view).of(WEB, Optional.of(work));
        assertThat(status.why()).isEqualTo("no room");
        assertThat(status.remedy()).isEqualTo("free some");
    }

    private record Step(ContainerId container, Subject subject) implements PlannedStep {
        @Override
        public boolean shows(HostView view) {
            return false;
        }

        @Override
        public String about() {
            return "a step";
        }
    }
}
