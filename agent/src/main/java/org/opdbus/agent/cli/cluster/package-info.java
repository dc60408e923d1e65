// SPDX-License-Identifier: Apache-2.0
/** The commands {@code op-dbus cluster …}. */
@NullMarked
package org.opdbus.agent.cli.cluster;

import org.jspecify.annotations.NullMarked;
