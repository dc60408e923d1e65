// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** A fact about a container in a Netmaker mesh. It contains no secret. */
public sealed interface MeshEvent extends Event {
    /** Returns the container that the fact is about. */
    ContainerId container();

    @Override
    default String subject() {
        return container().value();
    }

    /**
     * A container is not in its mesh yet, and the agent keeps trying. The agent publishes this when
     * the reason changes, not at every attempt.
     *
     * @param attempt how often netclient's join ran in the container since it started; 0 if the
     * container was not ready for a join
     */
    record MeshDelayed(ContainerId container, int attempt, String reason) implements MeshEvent {}

    /**
     * A server accepted a container's registration. The container is a host there, and not yet a
     * node of a network.
     *
     * @param server the server's name
     * @param attempt how many times netclient's join had run since the container started
     */
    record MeshRegistered(ContainerId container, String server, int attempt) implements MeshEvent {}

    /**
     * A container is in a mesh: it knows its node, and its interface is up and has the node's
     * address.
     *
     * @param network the mesh
     * @param server the server's name
     * @param hostId the id of the host on the server
     * @param nodeId the id of the host's node in this network
     * @param address the node's address, with its prefix
     * @param link the interface inside the container
     * @param recovered whether this run of the agent only found it, and an earlier run did the work
     */
    record MeshJoined(
            ContainerId container,
            String network,
            String server,
            String hostId,
            String nodeId,
            String address,
            String link,
            boolean recovered)
            implements MeshEvent {}

    /**
     * A container is in its mesh, but no peer has answered it for a long time, or its server
     * reports that it is not healthy.
     */
    record MeshDegraded(ContainerId container, String reason) implements MeshEvent {}

    /**
     * A container is no longer in its mesh, because its interface is gone or because it was deleted
     * on its server. The agent repairs it, and publishes this again when it finds another cause.
     */
    record MeshLost(ContainerId container, String reason) implements MeshEvent {}

    /** A container in its mesh is healthy again. */
    record MeshRecovered(ContainerId container) implements MeshEvent {}

    /** A container has left its mesh, and its server confirms that the host is gone. */
    record MeshLeft(ContainerId container, String server, String hostId) implements MeshEvent {}

    /**
     * A container has left or has another identity now, but its host may still be on the server.
     * The agent keeps trying to remove that host.
     *
     * @param reason why the host could not be removed
     */
    record MeshOrphaned(ContainerId container, String server, String hostId, String reason) implements MeshEvent {}

    /** A host that was left behind no longer exists on its server. */
    record MeshCleaned(ContainerId container, String server, String hostId) implements MeshEvent {}
}
