// SPDX-License-Identifier: Apache-2.0
/**
 * Reports what is wrong on this host, and what to do about it.
 *
 * <p>{@link org.opdbus.agent.doctor.HostSnapshot#observe} reads once everything that is not a file; each {@link
 * org.opdbus.agent.doctor.Check} then checks one aspect, so that tests of its messages need no host. Nothing in this
 * package changes the host, except {@link org.opdbus.agent.doctor.LeakedPorts}, which removes exactly the ports that
 * it was given.
 */
@NullMarked
package org.opdbus.agent.doctor;

import org.jspecify.annotations.NullMarked;
