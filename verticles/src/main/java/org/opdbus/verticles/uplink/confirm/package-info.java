// SPDX-License-Identifier: Apache-2.0
/**
 * Tells whether a process was started through a network connection that was opened after a moment. A confirmation of a move counts
 * only then: it proves that the host can still be reached. Reads {@code /proc} and changes nothing; every read has a limit.
 */
@NullMarked
package org.opdbus.verticles.uplink.confirm;

import org.jspecify.annotations.NullMarked;
