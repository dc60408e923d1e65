// SPDX-License-Identifier: Apache-2.0
/** How commands ask the agent: over its control socket, or in this process if no agent runs. */
@NullMarked
package org.opdbus.agent.cli.control;

import org.jspecify.annotations.NullMarked;
