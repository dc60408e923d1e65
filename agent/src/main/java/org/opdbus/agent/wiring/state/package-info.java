// SPDX-License-Identifier: Apache-2.0
/** Joins the desired state to the rest of the agent. */
@NullMarked
package org.opdbus.agent.wiring.state;

import org.jspecify.annotations.NullMarked;
