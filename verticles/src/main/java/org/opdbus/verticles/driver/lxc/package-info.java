// SPDX-License-Identifier: Apache-2.0
/**
 * The driver for LXC: creates and changes a container's configuration file and root file system, and runs {@code
 * lxc-start}, {@code lxc-stop} and their like.
 *
 * <p>The contract of {@code driver} holds here too.
 */
@NullMarked
package org.opdbus.verticles.driver.lxc;

import org.jspecify.annotations.NullMarked;
