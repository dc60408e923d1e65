// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges.rows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The columns of a table, each with a number. A column keeps its number while the agent runs, also if the database gets another
 * schema. The rows of a table share this object.
 */
public final class RowColumns {
    /** No table has nearly as many. */
    public static final int COLUMNS_MAX = 250;

    /** The columns of a table that nothing is known of. */
    public static final RowColumns NONE = new RowColumns(List.of());

    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();

    private RowColumns(List<String> names) {
        this.names = List.copyOf(names);
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
        }
    }

    /** Returns these columns and, behind them, those of the names that are new; the same object if none is. */
    public RowColumns with(Collection<String> more) {
        List<String> all = new ArrayList<>(names);
        more.stream().filter(name -> !numbers.containsKey(name)).sorted().forEach(all::add);
        if (all.size() > COLUMNS_MAX) {
            throw new IllegalArgumentException("a table has more than " + COLUMNS_MAX + " columns");
        }
        return all.size() == names.size() ? this : new RowColumns(all);
    }

    /** Returns the names, by number. */
    public List<String> names() {
        return names;
    }

    /** Returns the number of a column, from 0; empty if there is none of this name. */
    public OptionalInt number(String name) {
        Integer number = numbers.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
