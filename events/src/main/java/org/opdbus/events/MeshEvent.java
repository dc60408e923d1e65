// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** What became of a container in a Netmaker mesh. Nothing in here is secret. */
public sealed interface MeshEvent extends Event {
    /** The container that this is about. */
    ContainerId container();

    @Override
    default String subject() {
        return container().value();
    }

    /**
     * A container is not in its mesh yet, and the agent goes on trying. Told when the reason changes, not at every attempt.
     *
     * @param attempt how often netclient's join was run in it since it started; 0 if it was not ready for a join
     */
    record MeshDelayed(ContainerId container, int attempt, String reason) implements MeshEvent {}

    /**
     * A server took a container's registration. It is a host there, and not yet a node of a network.
     *
     * @param server the server's name
     * @param attempt which run of netclient's join it was since the container started
     */
    record MeshRegistered(ContainerId container, String server, int attempt) implements MeshEvent {}

    /**
     * A container is really in a mesh: its node is known to it, and its interface is up and has the node's address.
     *
     * @param network the mesh
     * @param server the server's name
     * @param hostId the id of the host on the server
     * @param nodeId the id of the host's node in this network
     * @param address the node's address, with its prefix
     * @param link the interface inside the container
     * @param recovered whether it was found so, and not brought about by this run of the agent
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

    /** A container is in its mesh, and no peer has answered it for long, or its server does not take it for well. */
    record MeshDegraded(ContainerId container, String reason) implements MeshEvent {}

    /**
     * A container that was in its mesh is in it no more, because its interface is gone or because it was deleted on its
     * server; the agent repairs it. Told again when another cause is found.
     */
    record MeshLost(ContainerId container, String reason) implements MeshEvent {}

    /** All is well again with a container in its mesh. */
    record MeshRecovered(ContainerId container) implements MeshEvent {}

    /** A container has left its mesh, and its server confirms that the host is gone. */
    record MeshLeft(ContainerId container, String server, String hostId) implements MeshEvent {}

    /**
     * A container has left or has another identity now, but its host may still be on the server. The agent goes on until
     * the host is gone.
     *
     * @param reason why it could not be removed
     */
    record MeshOrphaned(ContainerId container, String server, String hostId, String reason) implements MeshEvent {}

    /** A host that had been left behind is gone from its server. */
    record MeshCleaned(ContainerId container, String server, String hostId) implements MeshEvent {}
}
