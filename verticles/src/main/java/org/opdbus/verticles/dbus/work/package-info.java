// SPDX-License-Identifier: Apache-2.0
/** What the D-Bus faces ask of the rest of the agent. The wiring implements it. */
@NullMarked
package org.opdbus.verticles.dbus.work;

import org.jspecify.annotations.NullMarked;
