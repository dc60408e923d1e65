// SPDX-License-Identifier: Apache-2.0
/**
 * The bytes of a line, without objects: canonical text, time, hash, and the scanner that accepts exactly an entry's line.
 *
 * <p>Used inside the ledger only. It knows no other package of the ledger.
 */
@NullMarked
package org.opdbus.ledger.text;

import org.jspecify.annotations.NullMarked;
