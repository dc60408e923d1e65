// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges.rows;

import java.time.Instant;
import java.util.Map;

/**
 * The rows of the database at one moment. It never changes, so any thread may keep and read it.
 *
 * @param tables the tables by name; empty before the first listing
 */
public record DatabaseRows(Map<String, TableRows> tables, Standing standing) {
    /**
     * Whether the rows are the present ones.
     *
     * @param isConnected whether changes arrive
     * @param since the time of the listing that they began with, or the time of the loss
     * @param reason why the agent has no connection; empty if it has one
     */
    public record Standing(boolean isConnected, Instant since, String reason) {}

    public DatabaseRows {
        tables = Map.copyOf(tables);
    }

    /** Returns a table; an empty one if the database does not have it. */
    public TableRows table(String name) {
        return tables.getOrDefault(name, TableRows.EMPTY);
    }
}
