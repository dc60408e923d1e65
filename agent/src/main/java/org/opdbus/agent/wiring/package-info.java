// SPDX-License-Identifier: Apache-2.0
/**
 * Makes the parts of the agent, joins them, and starts and stops them in order.
 *
 * <p>{@link org.opdbus.agent.wiring.Deployment} is the wiring diagram: it makes every verticle and hands each the ports it
 * needs. {@link org.opdbus.agent.wiring.Agent} is the life of the process. The other classes join two rooms that do not know
 * each other; they translate, decide nothing and hold no state of the host.
 */
@NullMarked
package org.opdbus.agent.wiring;

import org.jspecify.annotations.NullMarked;
