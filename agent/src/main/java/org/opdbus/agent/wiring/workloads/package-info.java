// SPDX-License-Identifier: Apache-2.0
/**
 * What the agent answers about containers of Docker and Podman and about virtual machines, in the words of {@code query}.
 *
 * <p>Contract: the answers come from one snapshot of the inventory; any thread may ask.
 */
@NullMarked
package org.opdbus.agent.wiring.workloads;

import org.jspecify.annotations.NullMarked;
