// SPDX-License-Identifier: Apache-2.0
/**
 * The hash-chained record of what happened: one entry per line, chained, in a signed Merkle tree.
 *
 * <p>This package has the terms of the ledger: entries and drafts, how an entry is written as a line, checkpoints, keys, and how a
 * file of a ledger is opened. {@code write}, {@code read} and {@code verify} stand on them; {@code merkle} is the tree and
 * its proofs, {@code text} the bytes of a line.
 *
 * <p>One {@link org.opdbus.ledger.write.FileLedger} writes; any number of readers, verifiers and followers read the same
 * files at the same time, in other processes too, and never modify anything. An append is acknowledged when it is on disk. What
 * does not verify is refused with its height, file and byte offset. Operating failures are {@link
 * org.opdbus.ledger.LedgerException}s, thrown or in the returned future. docs/LEDGER.md defines the format.
 */
@NullMarked
package org.opdbus.ledger;

import org.jspecify.annotations.NullMarked;
