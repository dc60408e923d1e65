// SPDX-License-Identifier: Apache-2.0
/**
 * Checks a ledger: every byte of it, its signatures, and checkpoints that others hold. Makes proofs from it. Never
 * changes a file. What does not verify becomes a {@link org.opdbus.ledger.verify.Finding} with height, file and offset.
 */
@NullMarked
package org.opdbus.ledger.verify;

import org.jspecify.annotations.NullMarked;
