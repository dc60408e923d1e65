// SPDX-License-Identifier: Apache-2.0
/**
 * Reads what a plan must know of this host and no other part of the agent reads: the kernel's settings of links, the DHCP clients
 * that run, the bridges with everything that can forbid a move. {@code HostReader} is the entry.
 *
 * <p>Contract. It changes nothing. <b>Freshness</b>: each reading asks the kernel and the database again. <b>Failure</b>: what could
 * not be read whole is a trouble in the result, and never an empty list. <b>Limits</b>: each file and each listing has one.
 * <b>Blocking</b>: reading waits for the kernel; never on an event loop.
 */
@NullMarked
package org.opdbus.verticles.uplink.host;

import org.jspecify.annotations.NullMarked;
