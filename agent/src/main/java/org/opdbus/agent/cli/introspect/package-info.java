// SPDX-License-Identifier: Apache-2.0
/** {@code op-dbus introspect}: the host's network for programs, and as a tree for people. */
@NullMarked
package org.opdbus.agent.cli.introspect;

import org.jspecify.annotations.NullMarked;
