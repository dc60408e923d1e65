// SPDX-License-Identifier: Apache-2.0
/**
 * Reads a ledger's files, while its writer works too: entries by height, from a point in time, as they come, or folded
 * into a state. Never changes a file. Any number of readers may read at once; each reader is for one thread.
 */
@NullMarked
package org.opdbus.ledger.read;

import org.jspecify.annotations.NullMarked;
