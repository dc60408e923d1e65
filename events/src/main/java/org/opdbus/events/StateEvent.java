// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Map;

/** What was done to a container because a state file, or somebody at the command line, wants it so. */
public sealed interface StateEvent extends Event {
    /** The container that this is about. */
    ContainerId container();

    @Override
    default String subject() {
        return container().value();
    }

    /**
     * A container was created.
     *
     * @param driver the tools that did it, {@code lxc} or {@code pct}
     * @param link the name of its first link on the host
     * @param bridge the bridge that the link is to be a port of; empty for none
     */
    record ContainerCreated(ContainerId container, String driver, LinkName link, String bridge) implements StateEvent {}

    /**
     * A container was changed.
     *
     * @param changes what is, by the keys of the state file; empty text where there is nothing any more
     */
    record ContainerChanged(ContainerId container, Map<String, String> changes) implements StateEvent {
        public ContainerChanged {
            changes = Map.copyOf(changes);
        }
    }

    /** A container and its files were destroyed. */
    record ContainerDestroyed(ContainerId container, String reason) implements StateEvent {}

    /**
     * A container is not as the state file wants it.
     *
     * @param step what did not work
     * @param message why
     * @param remedy what to do about it
     */
    record ApplyFailed(ContainerId container, String step, String message, String remedy) implements StateEvent {}
}
