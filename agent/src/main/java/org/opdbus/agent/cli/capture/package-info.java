// SPDX-License-Identifier: Apache-2.0
/**
 * {@code op-dbus capture}: finds the links that the user means, opens where the capture is written, and tells how it went. The capture
 * itself is in {@link org.opdbus.verticles.capture}.
 */
@NullMarked
package org.opdbus.agent.cli.capture;

import org.jspecify.annotations.NullMarked;
