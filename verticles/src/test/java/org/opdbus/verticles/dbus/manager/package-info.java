// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.dbus.manager;

import org.jspecify.annotations.NullMarked;
