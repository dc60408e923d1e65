// SPDX-License-Identifier: Apache-2.0
/**
 * Creates, changes, starts, stops and destroys containers with the tools of the host: LXC's own, or Proxmox VE's.
 *
 * <p>{@link org.opdbus.verticles.driver.ContainerDriver} is the interface for the rest of the agent. All operations
 * wait for processes and files. So they run on the few threads of {@link org.opdbus.verticles.driver.CommandRunner},
 * never on an event loop, and results are emitted on those threads. A program gets its arguments as a list without a
 * shell, an environment of four variables, and is ended with everything that it started when it takes too long. Its
 * output is kept up to a limit, and secrets are removed from it before any other code gets it.
 *
 * <p>Order: the caller must run the operations of one driver on one container one after the other. Failures are
 * {@link org.opdbus.verticles.driver.DriverException}s; a creation that fails leaves nothing.
 */
@NullMarked
package org.opdbus.verticles.driver;

import org.jspecify.annotations.NullMarked;
