// SPDX-License-Identifier: Apache-2.0
/**
 * The picture of this host: its links, ports, bridges, containers and enrolments, folded from the facts on the bus.
 *
 * <p>Rules decide by this picture. It can be older than the host, so a rule never takes the absence of a thing in it for
 * evidence unless a source was heard up to a point after the fact that led to the decision.
 */
@NullMarked
package org.opdbus.verticles.view;

import org.jspecify.annotations.NullMarked;
