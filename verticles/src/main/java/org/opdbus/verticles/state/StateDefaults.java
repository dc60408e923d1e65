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
import org.opdbus.config.state.EntryForm;
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
            Optional<String> veth = container
                    .veth()
                    .or(() -> isNamed(container) ? Optional.of(linkName.apply(container.id())) : Optional.empty())
                    .map(LinkName::value);
            Optional<ContainerId> other = veth.map(name -> names.putIfAbsent(name, container.id()));
            if (other.isPresent()) {
                throw new StateException(
                        Reason.LINK_NAME_TAKEN,
                        "containers " + other.get() + " and " + container.id() + " would both have the link "
                                + veth.get(),
                        "give one of them another veth");
            }
            resolved.add(new ContainerState(
                    container.id(),
                    veth,
                    Optional.of(container.bridge().orElse(bridge)),
                    container.shouldRun(),
                    inside(container),
                    container.properties().toMap()));
        }
        return List.copyOf(resolved);
    }

    /** Returns the record with the default bridge in the entries that only attach their workloads and name no bridge. */
    LastApplied resolve(LastApplied last) {
        LastApplied resolved = last;
        for (DesiredContainer entry : last.containers().values()) {
            if (!isNamed(entry) && entry.bridge().isEmpty()) {
                resolved = resolved.with(new DesiredContainer(
                        entry.id(),
                        entry.veth(),
                        Optional.of(bridge),
                        entry.running(),
                        entry.ifname(),
                        entry.mtu(),
                        entry.properties()));
            }
        }
        return resolved;
    }

    /** The link of a container of an engine is named by the engine's id, which another container of the name would not have. */
    private static boolean isNamed(DesiredContainer container) {
        return !EntryForm.of(container.id().kind()).isAttachment();
    }

    /** Returns the settings of a link that the agent makes, by their keys. */
    static Map<String, Object> inside(DesiredContainer container) {
        Map<String, Object> inside = new HashMap<>();
        container.ifname().ifPresent(name -> inside.put("ifname", name.value()));
        container.mtu().ifPresent(mtu -> inside.put("mtu", mtu));
        return inside;
    }
}
