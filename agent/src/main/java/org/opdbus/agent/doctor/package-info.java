// SPDX-License-Identifier: Apache-2.0
/**
 * What is wrong on this host, and what to do about it.
 *
 * <p>{@link org.opdbus.agent.doctor.HostSnapshot#observe} looks once at everything that is not a file; each {@link
 * org.opdbus.agent.doctor.Check} then judges one thing, so that its words can be tested without a host. Nothing here
 * changes anything, but for {@link org.opdbus.agent.doctor.LeakedPorts}, which removes exactly the ports that it was given.
 */
@NullMarked
package org.opdbus.agent.doctor;

import org.jspecify.annotations.NullMarked;
