// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.util.Optional;
import java.util.UUID;

/**
 * A change of a row.
 *
 * @param before the earlier row; empty if it is new
 * @param after the present row; empty if it is gone
 */
record RowChange(TableSchema table, UUID uuid, Optional<TableRow> before, Optional<TableRow> after) {}
