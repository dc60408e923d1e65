// SPDX-License-Identifier: Apache-2.0
/** Joins what is served over HTTP with the parts of the agent that it is read from. */
@NullMarked
package org.opdbus.agent.wiring.web;

import org.jspecify.annotations.NullMarked;
