// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** Why a container's link is not enrolled. */
public enum Refusal {
    /** The bridge does not exist in Open vSwitch. */
    NO_SUCH_BRIDGE,
    /** The link belongs to a Linux bridge, or is a port of another bridge, by somebody else's doing. */
    BELONGS_ELSEWHERE,
    /** Another link, or a port that is not ours, holds the name that this link should have. */
    NAME_TAKEN,
    /** Proxmox's firewall stands between the link and the bridge; enrolling the link would go around it. */
    FIREWALLED,
    /** Proxmox's configuration says that the link is to be plugged into nothing ({@code link_down=1}, or no bridge). */
    UNPLUGGED,
    /** Whether the link may be attached is not known, because Proxmox's configuration of it cannot be read. */
    CONFIGURATION_UNREADABLE,
    /** Several containers share one network namespace, so the link is nobody's in particular. */
    SHARED_NAMESPACE,
    /** The kernel would not rename the link. */
    RENAME_FAILED,
    /** Open vSwitch took the port but could not make it live. */
    PORT_FAILED,
    /** The database would not take the change. */
    DATABASE_REFUSED,
    /** The container has no link into this host's network namespace. */
    NO_LINK,
    /** The enrolment token for the mesh cannot be had: the file, the name in it, or what it holds is wrong. */
    MESH_TOKEN,
    /** The container lacks what joining a mesh takes: the program, WireGuard, a way to the server. */
    MESH_NOT_POSSIBLE,
    /** The mesh's server does not take the container, and will not as long as nobody changes anything. */
    MESH_REFUSED,
    /** The server took the container's registration, and then nothing came of it in time. */
    MESH_UNCONFIRMED
}
