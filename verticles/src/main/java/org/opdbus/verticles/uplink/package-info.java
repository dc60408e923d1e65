// SPDX-License-Identifier: Apache-2.0
/**
 * Moves an uplink of this host onto a bridge of Open vSwitch, and back, without losing the host.
 *
 * <p>{@code plan} decides and is pure: it turns a picture of the host into a list of steps, each with its undo, or says why it will
 * not. {@code manager} knows which files the programs that configure the host's network read, and what they must say after the
 * move. {@code wayback} puts the plan and the way back on disk, arms the alarm that takes the way back, and needs no agent for it.
 * {@code act} carries out one step in Open vSwitch and the kernel. This package joins them: it carries out the steps in their
 * order, probes, and waits for the confirmation.
 *
 * <p>Contract. <b>Order</b>: nothing is changed before the plan, the way back and its alarm are on disk and armed. <b>Failure</b>: a
 * step that fails, three failed probes, or a missing confirmation take the way back. <b>One at a time</b>: there is at most one
 * unconfirmed move on a host. <b>Threads</b>: a move has a thread of its own, which may block.
 */
@NullMarked
package org.opdbus.verticles.uplink;

import org.jspecify.annotations.NullMarked;
