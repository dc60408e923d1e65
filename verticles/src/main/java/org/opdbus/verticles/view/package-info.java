// SPDX-License-Identifier: Apache-2.0
/**
 * The view of this host: its links, ports, bridges, containers and enrolments, folded from the facts on the bus.
 *
 * <p>Rules decide by this view. It can be older than the host. So a rule never uses the absence of an object as
 * evidence unless a source has reported everything up to a time after the fact that led to the decision.
 */
@NullMarked
package org.opdbus.verticles.view;

import org.jspecify.annotations.NullMarked;
