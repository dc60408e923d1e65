// SPDX-License-Identifier: Apache-2.0
/**
 * The Merkle tree over the lines (RFC 6962): its hashes on disk, and proofs that an entry is in it or that a later tree
 * continues it.
 */
@NullMarked
package org.opdbus.ledger.merkle;

import org.jspecify.annotations.NullMarked;
