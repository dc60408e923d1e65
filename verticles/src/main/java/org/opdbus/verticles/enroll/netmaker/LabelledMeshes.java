// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.plan.MeshIntent;

/**
 * Says which containers are to be in a mesh. The state file knows containers of engines by their names, and decides before their
 * labels. Belongs to one thread.
 */
final class LabelledMeshes implements MeshPolicy {
    private static final String NETMAKER = "netmaker";

    private final MeshPolicy named;
    private final Map<ContainerId, EngineContainer> containers = new HashMap<>();

    /**
     * Creates the policy.
     *
     * @param named what the state file says; for LXC also what the configuration says
     */
    LabelledMeshes(MeshPolicy named) {
        this.named = named;
    }

    /** Takes note of a container, its name and its labels. */
    void hear(ContainerEvent event) {
        if (event.container() instanceof EngineContainer container) {
            if (event instanceof ContainerRemoved) {
                containers.remove(container.id());
            } else {
                containers.put(container.id(), container);
            }
        }
    }

    @Override
    public Optional<MeshIntent> intentFor(ContainerId id) {
        if (!id.kind().isEngine()) {
            return named.intentFor(id);
        }
        EngineContainer container = containers.get(id);
        if (container == null || container.asked().lab().isPresent()) {
            return Optional.empty();
        }
        return named.intentFor(id.kind().id(container.name())).or(() -> ofLabels(container));
    }

    /** A wrong label must not lead to anything that was not asked for. */
    private static Optional<MeshIntent> ofLabels(EngineContainer container) {
        return container.asked().faults().isEmpty()
                        && container
                                .asked()
                                .networkType()
                                .filter(NETMAKER::equals)
                                .isPresent()
                ? Optional.of(new MeshIntent(Optional.empty()))
                : Optional.empty();
    }
}
