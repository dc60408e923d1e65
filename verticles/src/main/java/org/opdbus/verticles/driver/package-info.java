// SPDX-License-Identifier: Apache-2.0
/**
 * Creates, changes, starts, stops and destroys containers with the tools of the host: LXC's own, or Proxmox VE's.
 *
 * <p>{@link org.opdbus.verticles.driver.ContainerDriver} is what the rest of the agent sees. Everything here waits for
 * processes and files, so everything runs on the threads of {@link org.opdbus.verticles.driver.CommandRunner}, of which
 * there are few, and never on an event loop; results are emitted on those threads. A program gets its arguments as a
 * list and no shell sees them, gets an environment of four variables, and is ended with everything that it started when
 * it takes too long. What it prints is kept up to a limit, and secrets are struck out of it before anybody sees it.
 *
 * <p>Order: the operations of one driver on one container are to be made one after the other by the caller. Failures are
 * {@link org.opdbus.verticles.driver.DriverException}s; a creation that fails leaves nothing behind.
 */
@NullMarked
package org.opdbus.verticles.driver;

import org.jspecify.annotations.NullMarked;
