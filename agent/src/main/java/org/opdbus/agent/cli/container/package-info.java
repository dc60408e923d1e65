// SPDX-License-Identifier: Apache-2.0
/** The commands {@code op-dbus container …}. */
@NullMarked
package org.opdbus.agent.cli.container;

import org.jspecify.annotations.NullMarked;
