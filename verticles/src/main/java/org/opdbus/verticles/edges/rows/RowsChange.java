// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The difference between two snapshots: the one that a reader has processed, and a newer one. It does not show a row that came
 * and went between the two. The cost of its methods depends on what has changed, not on the size.
 */
public record RowsChange(DatabaseRows before, DatabaseRows after) {
    /**
     * A row that came, went or changed.
     *
     * @param before empty if it came
     * @param after empty if it went
     */
    public record OfRow(String table, Optional<StoredRow> before, Optional<StoredRow> after) {
        /** Returns the numbers of the columns that changed; none if the row came or went. */
        public List<Integer> columns() {
            return before.isPresent() && after.isPresent() ? after.get().changedSince(before.get()) : List.of();
        }
    }

    /** Returns whether the connection came or went. */
    public boolean isOfStanding() {
        return !before.standing().equals(after.standing());
    }

    /** Returns every row that came, went or changed. */
    public List<OfRow> rows() {
        Set<String> names = new TreeSet<>(before.tables().keySet());
        names.addAll(after.tables().keySet());
        List<OfRow> changed = new ArrayList<>();
        for (String name : names) {
            TableRows was = before.table(name);
            TableRows is = after.table(name);
            is.changedSince(was).forEach(uuid -> changed.add(new OfRow(name, was.row(uuid), is.row(uuid))));
        }
        return changed;
    }
}
