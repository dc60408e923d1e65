// SPDX-License-Identifier: Apache-2.0
/** The command {@code uplink}: moves the link by which the host is reached onto a bridge, and off it again. */
@NullMarked
package org.opdbus.agent.cli.uplink;

import org.jspecify.annotations.NullMarked;
