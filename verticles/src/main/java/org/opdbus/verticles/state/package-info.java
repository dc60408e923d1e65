// SPDX-License-Identifier: Apache-2.0
/**
 * The desired state: what differs between the containers that are wanted and those that there are, and making it so.
 *
 * <p>{@link org.opdbus.verticles.state.StateDiff} is a pure function from three things (what a state file wants, what is
 * observed, what the last apply managed) to a list of {@link org.opdbus.verticles.state.ContainerChange}s; {@link
 * org.opdbus.verticles.state.DiffJson} writes it as other programs read it. {@link org.opdbus.verticles.state.Applier}
 * carries the changes out, container by container: the configuration through the driver, the link through {@link
 * org.opdbus.verticles.state.EnrollmentWork}, and says on the bus what was done. {@link
 * org.opdbus.verticles.state.LastApplied} is the record of the last apply.
 *
 * <p>Order: applies are made one after the other; of one, a few containers are worked on at a time. Every wait is
 * limited. Failures are {@link org.opdbus.verticles.state.StateException} where nothing was done, and lines of the {@link
 * org.opdbus.verticles.state.ApplyReport} where single containers are concerned.
 */
@NullMarked
package org.opdbus.verticles.state;

import org.jspecify.annotations.NullMarked;
