// SPDX-License-Identifier: Apache-2.0
/** Registration of containers with systemd-machined, so that {@code machinectl} lists them. Off unless configured. */
@NullMarked
package org.opdbus.verticles.dbus.machines;

import org.jspecify.annotations.NullMarked;
