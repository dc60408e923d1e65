// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.dbus.machines;

import org.jspecify.annotations.NullMarked;
