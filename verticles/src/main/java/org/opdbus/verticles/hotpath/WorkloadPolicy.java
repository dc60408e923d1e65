// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.hotpath;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Inside;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.Intent.TakenBack;
import org.opdbus.verticles.plan.Policy;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;

/**
 * The desired state of workloads of every kind. The state file knows containers of Docker and Podman by their names, and virtual
 * machines by their ids. It decides first, then the labels of a container. Without either, such a workload is left alone, and so is a container
 * that a lab made, whatever the state file says.
 */
final class WorkloadPolicy implements Policy {
    private final HostView view;
    private final Policy named;
    private final String bridge;

    /**
     * Creates the policy.
     *
     * @param named what the state file says; for LXC also what the configuration says
     * @param bridge the bridge where the labels of a container name none
     */
    WorkloadPolicy(HostView view, Policy named, String bridge) {
        this.view = view;
        this.named = named;
        this.bridge = bridge;
    }

    @Override
    public Intent intentFor(ContainerId id) {
        return switch (id.kind()) {
            case LXC -> named.intentFor(id);
            case DOCKER, PODMAN, VM ->
                view.container(id)
                        .map(ContainerView::container)
                        .map(this::intentFor)
                        .orElseGet(Intent::leaveAlone);
        };
    }

    private Intent intentFor(Workload workload) {
        if (workload instanceof EngineContainer engine && engine.asked().lab().isPresent()) {
            return Intent.leaveAlone();
        }
        Intent entry = named.intentFor(workload.named());
        if (workload instanceof VirtualMachine) {
            return withoutNames(entry);
        }
        if (entry.enroll() || !(workload instanceof EngineContainer engine)) {
            return entry;
        }
        Asked asked = engine.asked();
        return asked.isAttachment()
                ? new Intent(
                        true,
                        false,
                        asked.bridge().orElse(bridge),
                        Naming.RENAME,
                        Optional.empty(),
                        asked.vlan(),
                        asked.address(),
                        new Inside(asked.ifname(), asked.mtu()),
                        TakenBack.NOTHING)
                : Intent.leaveAlone();
    }

    /** Those who made the taps of a machine find them by their names. */
    private static Intent withoutNames(Intent entry) {
        return new Intent(
                entry.enroll(),
                entry.explicit(),
                entry.bridge(),
                Naming.OFF,
                Optional.empty(),
                entry.vlan(),
                Optional.empty(),
                Inside.UNNAMED,
                new TakenBack(entry.takenBack().vlan(), Optional.empty()));
    }
}
