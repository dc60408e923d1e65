// SPDX-License-Identifier: Apache-2.0
/**
 * What the hosts of a cluster share. Recorded facts reach every peer as ledger entries, each exactly once by (host,
 * height), in order, whatever was lost or restarted in between. Facts that are not recorded are live only: at most
 * once, and marked so.
 *
 * <p>Each host shows its signed head at an interval and after a commit. A peer pulls the entries from the height that
 * it has, and verifies hash, chain and host as they come. Every message is signed by the member in whose name it
 * speaks. The local bus handler only appends to a bounded queue of live facts; everything else happens on one thread of
 * this package's own, so nothing here blocks an event loop. A transport may lose, duplicate and reorder messages.
 * Failures end in a log line, limited in rate, and never in the local bus.
 */
@NullMarked
package org.opdbus.verticles.cluster;

import org.jspecify.annotations.NullMarked;
