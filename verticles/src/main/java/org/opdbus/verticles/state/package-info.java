// SPDX-License-Identifier: Apache-2.0
/**
 * The desired state: finds the differences between the wanted and the existing containers, and carries them out.
 *
 * <p>{@link org.opdbus.verticles.state.StateDiff} is a function of three inputs (the wanted state of the file, the
 * observed state, the record of the last apply) that returns {@link org.opdbus.verticles.state.ContainerChange}s;
 * {@link org.opdbus.verticles.state.DiffJson} writes them for other programs. {@link
 * org.opdbus.verticles.state.Applier} carries the changes out, container by container: the configuration through the
 * driver, the link through {@link org.opdbus.verticles.state.EnrollmentWork}, and publishes what was done. {@link
 * org.opdbus.verticles.state.LastApplied} is the record of the last apply.
 *
 * <p>A container of Docker or Podman and a virtual machine are only attached: an entry about one has no driver and creates nothing.
 * The state file calls such a container by its name, so one id stands for an entry ({@code docker:web}) and another for the
 * container ({@code docker:3f2ab1c9d0e1}).
 *
 * <p>Order: one apply runs after the other; within one, a few containers are processed at a time. Every wait is
 * limited. A failure is a {@link org.opdbus.verticles.state.StateException} if nothing was done, or a line of the
 * {@link org.opdbus.verticles.state.ApplyReport} if it concerns a single container.
 */
@NullMarked
package org.opdbus.verticles.state;

import org.jspecify.annotations.NullMarked;
