// SPDX-License-Identifier: Apache-2.0
/**
 * Checks that the ledgers of peers only grow, by their signed heads and by proofs, and answers peers that check this
 * host's ledger. For the one thread of the cluster, except where noted.
 */
@NullMarked
package org.opdbus.verticles.cluster.audit;

import org.jspecify.annotations.NullMarked;
