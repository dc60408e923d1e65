// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import org.opdbus.events.ProxmoxNet;

/** What Proxmox has to say about a link. */
public sealed interface ManagedNet {
    /** Nothing: the link is not Proxmox's. */
    record Unmanaged() implements ManagedNet {}

    /** The link is, or may be, Proxmox's, and what Proxmox wants is being found out. */
    record Pending(String why) implements ManagedNet {}

    /** The link is, or may be, Proxmox's, and what Proxmox wants cannot be known. */
    record Unreadable(String why) implements ManagedNet {}

    /** Proxmox wants this. */
    record Configured(ProxmoxNet net) implements ManagedNet {}
}
