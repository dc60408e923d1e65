// SPDX-License-Identifier: Apache-2.0
/**
 * What handlers ask of the kernel, of Open vSwitch's database, of LXC and of Proxmox, and the edge that asks the kernel.
 *
 * <p>A call never blocks its caller. A call that fails does so with a {@link org.opdbus.verticles.bus.StepException}, which
 * says whether it is worth telling and what to do about it. An edge checks again right before it acts, so that a stale or
 * doubled call does no harm.
 */
@NullMarked
package org.opdbus.verticles.edges;

import org.jspecify.annotations.NullMarked;
