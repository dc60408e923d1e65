// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.state.StateException.Reason;

/**
 * The defaults for a container for which a state file sets nothing else.
 *
 * @param linkName the rule for the name of a container's first link
 * @param bridge the bridge that its link is attached to
 */
public record StateDefaults(Function<ContainerId, LinkName> linkName, String bridge) {
    /**
     * Returns the wanted state of the file, with these defaults filled in, in the order of the file.
     *
     * @throws StateException {@link Reason#LINK_NAME_TAKEN} if one container's {@code veth} is another container's
     * default name
     */
    public List<ContainerState> resolve(DesiredState desired) throws StateException {
        List<ContainerState> resolved = new ArrayList<>();
        Map<String, ContainerId> names = new HashMap<>();
        for (DesiredContainer container : desired.containers()) {
            String veth = container
                    .veth()
                    .orElseGet(() -> linkName.apply(container.id()))
                    .value();
            ContainerId other = names.putIfAbsent(veth, container.id());
            if (other != null) {
                throw new StateException(
                        Reason.LINK_NAME_TAKEN,
                        "containers " + other + " and " + container.id() + " would both have the link " + veth,
                        "give one of them another veth");
            }
            resolved.add(new ContainerState(
                    container.id(),
                    Optional.of(veth),
                    Optional.of(container.bridge().orElse(bridge)),
                    container.shouldRun(),
                    container.properties().toMap()));
        }
        return List.copyOf(resolved);
    }
}
