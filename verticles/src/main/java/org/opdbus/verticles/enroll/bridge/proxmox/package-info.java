// SPDX-License-Identifier: Apache-2.0
/**
 * Enrols the links that Proxmox VE manages, without taking anything out of Proxmox's hands.
 *
 * <p>Proxmox decides whether and how such a link is plugged. The agent marks Proxmox's port, gives the link an alternative
 * name, and records. It plugs a link itself only if Proxmox's configuration says so and Proxmox has left the link without a
 * port for longer than its own work takes; it never plugs a link that Proxmox filters, keeps down or leaves without a bridge.
 * Configuration and kernel are asked anew right before anything is changed.
 */
@NullMarked
package org.opdbus.verticles.enroll.bridge.proxmox;

import org.jspecify.annotations.NullMarked;
