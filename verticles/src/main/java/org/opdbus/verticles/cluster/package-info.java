// SPDX-License-Identifier: Apache-2.0
/**
 * The messages between hosts and their processing. Each host sends a copy of every local fact, and publishes the
 * facts of its peers exactly once and in each sender's order.
 *
 * <p>Contract. The local bus handler only appends to the bounded {@link org.opdbus.verticles.cluster.Outbox};
 * everything else happens on one thread of this package's own, so nothing here blocks an event loop. The wire may
 * lose, duplicate and reorder messages. The receiver notices every loss by a gap in a sequence and requests it again;
 * what the sender has dropped comes from its ledger. Failures end in a log line, limited in rate, and never in the
 * local bus.
 */
@NullMarked
package org.opdbus.verticles.cluster;

import org.jspecify.annotations.NullMarked;
