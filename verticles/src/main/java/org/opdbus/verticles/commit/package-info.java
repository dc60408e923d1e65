// SPDX-License-Identifier: Apache-2.0
/**
 * Commits facts to the ledger: every recorded fact becomes one entry, and {@link
 * org.opdbus.events.LedgerEvent.EntryCommitted} follows when that is on disk.
 *
 * <p>Entries have the order in which the facts came to this handler. The ledger counts the facts that it cannot
 * accept, and records the gap as soon as it can write again; no component waits for it.
 *
 * <p>At a start {@link org.opdbus.verticles.commit.OpenEnrollments} says which enrolments the ledger holds open, so that the
 * next run of the agent goes on with the same story.
 */
@NullMarked
package org.opdbus.verticles.commit;

import org.jspecify.annotations.NullMarked;
