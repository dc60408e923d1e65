// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** A fact about workloads, from LXC, Docker, Podman, or about virtual machines. */
public sealed interface ContainerEvent extends Event {
    /** Returns the container or the virtual machine that the fact is about. */
    Workload container();

    @Override
    default String subject() {
        return container().id().value();
    }

    /**
     * A definition exists under {@code lxc.path}, or an engine has the container, or a source knows the machine. The source publishes
     * it again when the name or the taps change.
     */
    record ContainerDefined(Workload container) implements ContainerEvent {
        /** The agent learns this again at every start, so the ledger does not keep it. */
        @Override
        public boolean recorded() {
            return false;
        }
    }

    /**
     * A container runs: LXC has finished its start and no longer changes its links, or its engine says that it runs. A virtual
     * machine runs: its process holds taps of this host.
     *
     * @param initPid the process id of its init, or of the machine's qemu, in the agent's process namespace
     */
    record ContainerStarted(Workload container, long initPid) implements ContainerEvent {}

    /**
     * A container no longer runs: its init has exited. The monitor of LXC may still be cleaning up. A
     * start that failed before the container ran causes no event.
     *
     * @param reason how the agent learnt this
     */
    record ContainerStopped(Workload container, String reason) implements ContainerEvent {}

    /** A definition no longer exists: LXC, the engine or the source of machines does not have it any more. */
    record ContainerRemoved(Workload container) implements ContainerEvent {}
}
