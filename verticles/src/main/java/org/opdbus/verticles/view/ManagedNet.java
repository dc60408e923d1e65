// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import org.opdbus.events.ProxmoxEvent.ProxmoxNet;

/** Proxmox's configuration of a link. */
public sealed interface ManagedNet {
    /** None: the link is not Proxmox's. */
    record Unmanaged() implements ManagedNet {}

    /** The link is, or may be, Proxmox's, and its configuration is being read. */
    record Pending(String why) implements ManagedNet {}

    /** The link is, or may be, Proxmox's, and its configuration cannot be read. */
    record Unreadable(String why) implements ManagedNet {}

    /** The configuration. */
    record Configured(ProxmoxNet net) implements ManagedNet {}
}
