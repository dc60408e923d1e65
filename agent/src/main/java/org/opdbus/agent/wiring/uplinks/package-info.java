// SPDX-License-Identifier: Apache-2.0
/** Joins the room of uplinks to the rest of the agent, and answers the requests about them. */
@NullMarked
package org.opdbus.agent.wiring.uplinks;

import org.jspecify.annotations.NullMarked;
