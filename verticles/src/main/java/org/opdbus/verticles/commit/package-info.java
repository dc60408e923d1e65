// SPDX-License-Identifier: Apache-2.0
/**
 * Commits facts to the ledger: every recorded fact becomes one entry, and once that is on disk {@link
 * org.opdbus.events.LedgerEvent.EntryCommitted} says so.
 *
 * <p>Entries have the order in which the facts came to this handler. What the ledger cannot take is counted by it and
 * recorded as a gap as soon as it can write again; nothing waits for it.
 */
@NullMarked
package org.opdbus.verticles.commit;

import org.jspecify.annotations.NullMarked;
