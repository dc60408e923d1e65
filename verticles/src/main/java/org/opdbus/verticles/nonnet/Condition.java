// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.nonnet.Datum.Atoms;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

/**
 * Reads a {@code <condition>} (RFC 7047 section 5.1) or, as ovsdb-server(7) allows, a plain true or false. A condition may also
 * compare an optional number with a number; it is false if the optional number is absent.
 */
final class Condition {
    private static final int CONDITIONS_MAX = 64;

    private Condition() {}

    /** Reads the value of a {@code where}: all conditions in it. */
    static List<Predicate<TableRow>> parseAll(TableSchema table, @Nullable Object where) {
        if (!(where instanceof JsonArray conditions)) {
            throw new NonNetException(Reason.SYNTAX, "\"where\" must be an array of conditions");
        }
        if (conditions.size() > CONDITIONS_MAX) {
            throw new NonNetException(
                    Reason.EXHAUSTED, conditions.size() + " conditions where " + CONDITIONS_MAX + " are allowed");
        }
        List<Predicate<TableRow>> predicates = new ArrayList<>(conditions.size());
        for (int i = 0; i < conditions.size(); i++) {
            predicates.add(parse(table, conditions.getValue(i)));
        }
        return predicates;
    }

    static Predicate<TableRow> parse(TableSchema table, @Nullable Object json) {
        if (json instanceof Boolean constant) {
            return row -> constant;
        }
        if (!(json instanceof JsonArray parts) || parts.size() != 3 || !(parts.getValue(0) instanceof String column)) {
            throw new NonNetException(
                    Reason.SYNTAX, "expected [<column>, <function>, <value>], found " + Excerpt.of(json));
        }
        ColumnType type = table.column(column);
        Object function = parts.getValue(1);
        Object argument = parts.getValue(2);
        if (function instanceof String word) {
            switch (word) {
                case "==" -> {
                    Datum wanted = type.parse(argument);
                    return row -> row.cell(column).equals(wanted);
                }
                case "!=" -> {
                    Datum unwanted = type.parse(argument);
                    return row -> !row.cell(column).equals(unwanted);
                }
                case "includes" -> {
                    Datum part = (type.isScalar() ? type : type.ofAnySize()).parse(argument);
                    return row -> row.cell(column).includes(part);
                }
                case "excludes" -> {
                    Datum part = (type.isScalar() ? type : type.ofAnySize()).parse(argument);
                    return row -> row.cell(column).excludes(part);
                }
                case "<", "<=", ">", ">=" -> {
                    return comparison(column, type, word, argument);
                }
                default -> {}
            }
        }
        throw new NonNetException(Reason.UNKNOWN_FUNCTION, "no function " + Excerpt.of(function));
    }

    private static Predicate<TableRow> comparison(
            String column, ColumnType type, String function, @Nullable Object argument) {
        if (!type.isNumber()) {
            throw new NonNetException(
                    Reason.SYNTAX,
                    "\"" + function + "\" compares numbers, which column " + column + " does not hold: its type is "
                            + Excerpt.of(type.toJson()));
        }
        long bound = number((Atoms) type.ofSizeOne().parse(argument));
        return row -> {
            Atoms cell = (Atoms) row.cell(column);
            return !cell.atoms().isEmpty() && holds(function, Long.compare(number(cell), bound));
        };
    }

    private static long number(Atoms atoms) {
        return (Long) atoms.atoms().iterator().next();
    }

    private static boolean holds(String function, int comparison) {
        return switch (function) {
            case "<" -> comparison < 0;
            case "<=" -> comparison <= 0;
            case ">" -> comparison > 0;
            default -> comparison >= 0;
        };
    }
}
