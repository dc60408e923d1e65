// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** Why a container's link is not enrolled. */
public enum Refusal {
    /** The bridge does not exist in Open vSwitch. */
    NO_SUCH_BRIDGE,
    /** The link belongs to a Linux bridge, or another program made it a port of another bridge. */
    BELONGS_ELSEWHERE,
    /** Another link, or a port that is not ours, holds the name that this link should have. */
    NAME_TAKEN,
    /** Proxmox's firewall stands between the link and the bridge; enrolling the link would go around it. */
    FIREWALLED,
    /**
     * Proxmox's configuration says that the link must not be plugged in ({@code link_down=1}, or no
     * bridge).
     */
    UNPLUGGED,
    /**
     * The agent does not know whether it may attach the link, because it cannot read Proxmox's
     * configuration of it.
     */
    CONFIGURATION_UNREADABLE,
    /**
     * Several containers share one network namespace, so the link belongs to no single container.
     */
    SHARED_NAMESPACE,
    /** The kernel refused to rename the link. */
    RENAME_FAILED,
    /** Open vSwitch accepted the port but could not make it live. */
    PORT_FAILED,
    /** The database refused the change. */
    DATABASE_REFUSED,
    /** The labels of the container that ask for its attachment cannot be understood. */
    LABELS,
    /** The container has no link into this host's network namespace. */
    NO_LINK,
    /**
     * The enrolment token for the mesh is not available: the file, the name in it, or its content
     * is wrong.
     */
    MESH_TOKEN,
    /**
     * The container lacks what it needs to join a mesh: the program, WireGuard, or a route to the
     * server.
     */
    MESH_NOT_POSSIBLE,
    /**
     * The mesh's server does not accept the container, and will not unless a person changes
     * something.
     */
    MESH_REFUSED,
    /** The server accepted the container's registration, but the join did not complete in time. */
    MESH_UNCONFIRMED
}
