// SPDX-License-Identifier: Apache-2.0
/**
 * Reports the state of the agent to the service manager (sd_notify(3)): ready, reloading, stopping, and alive.
 *
 * <p>Contract. <b>Without a service manager</b> (no {@code NOTIFY_SOCKET}) this package does nothing. <b>Failure</b>:
 * an unreachable manager is logged once, and the report is retried; the agent's work never depends on it.
 * <b>Blocking</b>: no call blocks. <b>Alive</b> means that the reconciler's event loop has answered, so systemd
 * restarts a process that exists but no longer works.
 */
@NullMarked
package org.opdbus.agent.systemd;

import org.jspecify.annotations.NullMarked;
