// SPDX-License-Identifier: Apache-2.0
/**
 * Tells the service manager how the agent is (sd_notify(3)): ready, reloading, stopping, and alive.
 *
 * <p>Contract. <b>Without a service manager</b> (no {@code NOTIFY_SOCKET}) nothing here exists. <b>Failure</b>: a manager
 * that cannot be reached is logged once and tried again; the agent's work never depends on it. <b>Blocking</b>: nothing
 * does. <b>Alive</b> means that the reconciler's event loop has answered: a process that merely exists is restarted.
 */
@NullMarked
package org.opdbus.agent.systemd;

import org.jspecify.annotations.NullMarked;
