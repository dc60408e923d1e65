// SPDX-License-Identifier: Apache-2.0
/**
 * Writes a ledger: {@link org.opdbus.ledger.write.FileLedger} takes drafts on any thread, one thread writes and syncs
 * them, many with one sync, and an append is acknowledged when it is on disk.
 */
@NullMarked
package org.opdbus.ledger.write;

import org.jspecify.annotations.NullMarked;
