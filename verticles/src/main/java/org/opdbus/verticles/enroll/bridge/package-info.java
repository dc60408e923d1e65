// SPDX-License-Identifier: Apache-2.0
/**
 * Makes links of containers ports of Open vSwitch bridges, keeps them so, and removes the ports again.
 *
 * <p>The package {@code plan} decides: its rules are pure and return the next step for one link. {@link
 * org.opdbus.verticles.enroll.bridge.BridgeVerticle} carries these steps out. Each change of the database is one guarded
 * transaction. Before the agent removes or records something because the view does not show an object, {@link
 * org.opdbus.verticles.enroll.bridge.SecondLook} asks the kernel, LXC or the database. The package {@code proxmox} handles the
 * links that Proxmox manages.
 *
 * <p>Everything is confined to the context that the verticle shares with the router, and never blocks it.
 */
@NullMarked
package org.opdbus.verticles.enroll.bridge;

import org.jspecify.annotations.NullMarked;
