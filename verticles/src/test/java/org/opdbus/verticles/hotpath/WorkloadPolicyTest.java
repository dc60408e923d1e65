// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.hotpath;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.LinkName;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Inside;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.Intent.TakenBack;
import org.opdbus.verticles.view.HostView;

/** The state file decides before labels, and without either a workload that is no container of LXC is left alone. */
class WorkloadPolicyTest {
    private static final ContainerId WEB = Kind.DOCKER.id("3f2ab1c9d0e1");
    private static final ContainerId MACHINE = Kind.VM.id("101");
    private static final Asked LABELS = new Asked(
            Optional.empty(),
            Optional.of(42),
            Optional.empty(),
            Optional.of(1400),
            Optional.of(new LinkName("lan0")),
            Optional.empty(),
            Optional.empty(),
            List.of());

    private final HostView view = new HostView(new HostView.Start("here", false, 1, List.of()));
    private final Map<ContainerId, Intent> entries = new HashMap<>();
    private final WorkloadPolicy policy =
            new WorkloadPolicy(view, id -> entries.getOrDefault(id, Intent.leaveAlone()), "vmbr0");

    private void defined(Workload workload) {
        view.apply(new ContainerDefined(workload));
    }

    private static EngineContainer container(String name, Asked asked) {
        return new EngineContainer(WEB, name, "busybox", "none", asked);
    }

    private static Intent entry(String bridge) {
        return new Intent(
                true,
                true,
                bridge,
                Naming.AUTO,
                Optional.empty(),
                Optional.of(7),
                Optional.empty(),
                Inside.UNNAMED,
                TakenBack.NOTHING);
    }

    @Test
    void containers_of_LXC_are_the_state_policys_alone() {
        ContainerId id = new ContainerId("100");
        entries.put(id, entry("vmbr7"));
        assertThat(policy.intentFor(id)).isEqualTo(entry("vmbr7"));
    }

    @Test
    void labels_decide_with_the_bridge_of_the_configuration_where_they_name_none() {
        defined(container("web", LABELS));
        Intent intent = policy.intentFor(WEB);
        assertThat(intent.enroll()).isTrue();
        assertThat(intent.bridge()).isEqualTo("vmbr0");
        assertThat(intent.vlan()).contains(42);
        assertThat(intent.inside()).isEqualTo(new Inside(Optional.of(new LinkName("lan0")), Optional.of(1400)));
        assertThat(intent.explicit()).as("only the state file is explicit").isFalse();
    }

    @Test
    void an_entry_with_its_name_wins_also_after_a_rename() {
        entries.put(Kind.DOCKER.id("shop"), entry("vmbr7"));
        defined(container("web", LABELS));
        assertThat(policy.intentFor(WEB).bridge()).isEqualTo("vmbr0");
        defined(container("shop", LABELS));
        assertThat(policy.intentFor(WEB).bridge()).isEqualTo("vmbr7");
        assertThat(policy.intentFor(WEB).vlan()).contains(7);
    }

    @Test
    void without_labels_and_entry_it_is_left_alone() {
        defined(container("web", Asked.NOTHING));
        assertThat(policy.intentFor(WEB)).isEqualTo(Intent.leaveAlone());
        view.apply(new ContainerRemoved(container("web", Asked.NOTHING)));
        assertThat(policy.intentFor(WEB)).isEqualTo(Intent.leaveAlone());
    }

    @Test
    void a_container_that_a_lab_made_is_left_alone_also_if_an_entry_has_its_name() {
        entries.put(Kind.DOCKER.id("web"), entry("vmbr7"));
        defined(container("web", Asked.byLab("nemo", Optional.empty())));
        assertThat(policy.intentFor(WEB)).isEqualTo(Intent.leaveAlone());
    }

    @Test
    void a_machine_follows_its_entry_and_its_taps_keep_their_names() {
        defined(new VirtualMachine(MACHINE, "101", List.of()));
        assertThat(policy.intentFor(MACHINE).enroll()).isFalse();
        entries.put(MACHINE, entry("vmbr7"));
        assertThat(policy.intentFor(MACHINE).bridge()).isEqualTo("vmbr7");
        assertThat(policy.intentFor(MACHINE).vlan()).contains(7);
        assertThat(policy.intentFor(MACHINE).naming()).isEqualTo(Naming.OFF);
    }
}
