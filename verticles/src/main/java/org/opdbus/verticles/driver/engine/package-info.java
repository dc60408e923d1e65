// SPDX-License-Identifier: Apache-2.0
/** Runs programs inside containers of Docker and Podman, with their own commands. */
@NullMarked
package org.opdbus.verticles.driver.engine;

import org.jspecify.annotations.NullMarked;
