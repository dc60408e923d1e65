// SPDX-License-Identifier: Apache-2.0
/**
 * Enrols the links that Proxmox VE manages, and leaves all decisions about them to Proxmox.
 *
 * <p>Proxmox decides whether and how such a link is plugged. The agent marks Proxmox's port, gives the link an alternative
 * name, and records the enrolment. The agent plugs a link itself only if Proxmox's configuration says so and Proxmox has left
 * the link without a port for longer than Proxmox's own work takes. It never plugs a link that Proxmox filters, keeps down or
 * leaves without a bridge. The agent reads the configuration and asks the kernel again right before each change.
 */
@NullMarked
package org.opdbus.verticles.enroll.bridge.proxmox;

import org.jspecify.annotations.NullMarked;
