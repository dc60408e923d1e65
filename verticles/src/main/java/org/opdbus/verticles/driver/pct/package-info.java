// SPDX-License-Identifier: Apache-2.0
/**
 * The driver for Proxmox VE: runs {@code pct}, and reads the configuration files that Proxmox VE writes.
 *
 * <p>The contract of {@code driver} holds here too.
 */
@NullMarked
package org.opdbus.verticles.driver.pct;

import org.jspecify.annotations.NullMarked;
