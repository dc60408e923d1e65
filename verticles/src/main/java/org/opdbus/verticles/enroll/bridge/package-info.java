// SPDX-License-Identifier: Apache-2.0
/**
 * Makes links of containers ports of Open vSwitch bridges, keeps them so, and takes the ports away again.
 *
 * <p>The package {@code plan} decides: its rules are pure and say what is to be done next for one link. {@link
 * org.opdbus.verticles.enroll.bridge.BridgeVerticle} carries these steps out: each change of the database is one guarded
 * transaction, and before something is taken away or recorded because it is absent, {@link
 * org.opdbus.verticles.enroll.bridge.SecondLook} asks the owner of the truth. Links that Proxmox manages have a room of their
 * own, {@code proxmox}.
 *
 * <p>Everything is confined to the context that the verticle shares with the router, and never blocks it.
 */
@NullMarked
package org.opdbus.verticles.enroll.bridge;

import org.jspecify.annotations.NullMarked;
