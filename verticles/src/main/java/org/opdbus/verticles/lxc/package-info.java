// SPDX-License-Identifier: Apache-2.0
/**
 * The LXC source: which containers are defined under one lxc.path, and which of them run.
 *
 * <p>Contract. <b>Order</b>: one thread publishes everything, so the events of a container come in
 * the order in which they happened. The source never publishes two starts, or two stops, of a
 * container in a row. <b>Listing</b>: at the start the source publishes everything that exists,
 * then {@code SourceListed}. A later listing publishes only the changes that the source had missed,
 * then {@code SourceListed}. <b>Failure</b>: if the source cannot watch something, it logs that,
 * publishes {@code SourceLost}, and tries again with every listing. It neither needs nor runs
 * lxc-monitord or any LXC program.
 */
@NullMarked
package org.opdbus.verticles.lxc;

import org.jspecify.annotations.NullMarked;
