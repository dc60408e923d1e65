// SPDX-License-Identifier: Apache-2.0
/**
 * The operations that handlers request from the kernel, Open vSwitch's database, LXC and Proxmox, and the edge to the kernel.
 *
 * <p>A call never blocks its caller. A call that fails does so with a {@link org.opdbus.verticles.bus.StepException}, which
 * says whether the router publishes the failure, and what the user has to do about it. An edge checks again right before it
 * acts, so that a stale or doubled call does no harm.
 */
@NullMarked
package org.opdbus.verticles.edges;

import org.jspecify.annotations.NullMarked;
