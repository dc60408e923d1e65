// SPDX-License-Identifier: Apache-2.0
/**
 * Decides how an uplink gets onto a bridge, and back: pure functions from a picture of the host to a plan, or to the reasons why
 * there is none. Nothing here reads or changes the host.
 */
@NullMarked
package org.opdbus.verticles.uplink.plan;

import org.jspecify.annotations.NullMarked;
