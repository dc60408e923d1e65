// SPDX-License-Identifier: Apache-2.0
/**
 * What differs between the containers that are wanted and those that there are.
 *
 * <p>{@link org.opdbus.verticles.state.StateDiff} is a pure function from three things (what a state file wants, what is
 * observed, what the last apply managed) to a list of {@link org.opdbus.verticles.state.ContainerChange}s; {@link
 * org.opdbus.verticles.state.DiffJson} writes it as other programs read it. {@link
 * org.opdbus.verticles.state.LastApplied} is the record of the last apply, and the only thing here that touches the disk.
 */
@NullMarked
package org.opdbus.verticles.state;

import org.jspecify.annotations.NullMarked;
