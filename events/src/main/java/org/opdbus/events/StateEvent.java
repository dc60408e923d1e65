// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Map;

/** A change that the agent made to a container because a state file or a command asks for it. */
public sealed interface StateEvent extends Event {
    /** Returns the container that the fact is about. */
    ContainerId container();

    @Override
    default String subject() {
        return container().value();
    }

    /**
     * A container was created.
     *
     * @param driver the tools that the agent used, {@code lxc} or {@code pct}
     * @param link the name of its first link on the host
     * @param bridge the bridge for the link; empty for none
     */
    record ContainerCreated(ContainerId container, String driver, LinkName link, String bridge) implements StateEvent {}

    /**
     * A container was changed.
     *
     * @param changes the new values, by the keys of the state file; empty text for a removed value
     */
    record ContainerChanged(ContainerId container, Map<String, String> changes) implements StateEvent {
        public ContainerChanged {
            changes = Map.copyOf(changes);
        }
    }

    /** A container and its files were destroyed. */
    record ContainerDestroyed(ContainerId container, String reason) implements StateEvent {}

    /**
     * A container does not match the state file, because a step failed.
     *
     * @param step the step that failed
     * @param message why
     * @param remedy what to do about it
     */
    record ApplyFailed(ContainerId container, String step, String message, String remedy) implements StateEvent {}
}
