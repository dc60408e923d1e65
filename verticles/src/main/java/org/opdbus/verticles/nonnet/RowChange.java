// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.util.Optional;
import java.util.UUID;

/**
 * What became of a row.
 *
 * @param before the row as it was, unless it is new
 * @param after the row as it is, unless it is gone
 */
record RowChange(TableSchema table, UUID uuid, Optional<TableRow> before, Optional<TableRow> after) {}
