// SPDX-License-Identifier: Apache-2.0
/**
 * What travels between hosts, and what is made of it. A copy of every local fact goes out, and what the siblings send is
 * told exactly once and in each sender's order.
 *
 * <p>Contract. The local bus handler only appends to the bounded {@link org.opdbus.verticles.cluster.Outbox}; everything
 * else happens on one thread of this package's own, so nothing here holds up an event loop. The wire may lose, double and
 * reorder; every loss is seen by a hole in a sequence and asked for again, and what the sender has forgotten comes from
 * its ledger. Failures end in a log line, limited in rate, and never in the local bus.
 */
@NullMarked
package org.opdbus.verticles.cluster;

import org.jspecify.annotations.NullMarked;
