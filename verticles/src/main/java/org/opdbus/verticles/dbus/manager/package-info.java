// SPDX-License-Identifier: Apache-2.0
/** The bus name {@code org.opdbus}: the agent, its containers, the desired state, and work that takes long. */
@NullMarked
package org.opdbus.verticles.dbus.manager;

import org.jspecify.annotations.NullMarked;
