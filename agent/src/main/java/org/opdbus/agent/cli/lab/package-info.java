// SPDX-License-Identifier: Apache-2.0
/** {@code op-dbus lab}. */
@NullMarked
package org.opdbus.agent.cli.lab;

import org.jspecify.annotations.NullMarked;
