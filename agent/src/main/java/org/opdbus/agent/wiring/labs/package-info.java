// SPDX-License-Identifier: Apache-2.0
/** Joins the labs to the rest of the agent. Nothing of them is made on a host that has none. */
@NullMarked
package org.opdbus.agent.wiring.labs;

import org.jspecify.annotations.NullMarked;
