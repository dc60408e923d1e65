// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** What LXC said about containers. */
public sealed interface ContainerEvent extends Event {
    /** The container that this is about. */
    Container container();

    @Override
    default String subject() {
        return container().id().value();
    }

    /** A definition exists under {@code lxc.path}. */
    record ContainerDefined(Container container) implements ContainerEvent {
        /** Known anew at every start of the agent, so it says nothing worth keeping. */
        @Override
        public boolean recorded() {
            return false;
        }
    }

    /**
     * A container runs: LXC has finished its start and works on its links no more.
     *
     * @param initPid the process id of its init, in the agent's process namespace
     */
    record ContainerStarted(Container container, long initPid) implements ContainerEvent {}

    /**
     * A container runs no more: its init has exited. Its monitor may still be clearing up. A start that failed before the
     * container ran is not told.
     *
     * @param reason how that was learnt
     */
    record ContainerStopped(Container container, String reason) implements ContainerEvent {}

    /** A definition is gone. */
    record ContainerRemoved(Container container) implements ContainerEvent {}
}
