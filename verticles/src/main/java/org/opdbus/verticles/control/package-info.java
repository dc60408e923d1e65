// SPDX-License-Identifier: Apache-2.0
/**
 * The control socket: JSON-RPC for the command line on this host, for root only.
 *
 * <p>Requests: {@code version}, {@code query} (with the name of a plugin or without), {@code events}. After {@code events}
 * has been answered, every event follows as a notification {@code event} until the caller goes. A caller that does not
 * read is dropped; the bus never waits for one.
 */
@NullMarked
package org.opdbus.verticles.control;

import org.jspecify.annotations.NullMarked;
