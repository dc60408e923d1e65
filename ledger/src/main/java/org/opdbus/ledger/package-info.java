// SPDX-License-Identifier: Apache-2.0
/**
 * The hash-chained record of what happened: one entry a line, chained, in a Merkle tree, signed.
 *
 * <p>One {@link org.opdbus.ledger.FileLedger} writes; any number of readers, verifiers and followers read the same files
 * beside it, in other processes too, and never modify anything. An append is acknowledged when it is on disk. Whatever
 * does not verify is refused with its height, file and byte offset. Operating failures are {@link
 * org.opdbus.ledger.LedgerException}s, thrown or in the returned future. The format is written down in docs/LEDGER.md.
 */
@NullMarked
package org.opdbus.ledger;

import org.jspecify.annotations.NullMarked;
