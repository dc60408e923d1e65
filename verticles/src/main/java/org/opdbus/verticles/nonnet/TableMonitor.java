// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.nonnet.NonNetException.Reason;
import org.opdbus.verticles.nonnet.Tables.RowChange;

/**
 * The requests of one monitor for one table: {@code <monitor-request>}s (RFC 7047 section 4.1.5) or {@code
 * <monitor-cond-request>}s (ovsdb-server(7) section 4.1.12). A request covers a row while one of its conditions holds, or
 * always if it has none.
 */
final class TableMonitor {
    private final TableSchema table;
    private final List<Part> parts = new ArrayList<>();
    private final List<Predicate<TableRow>> anyOf = new ArrayList<>();
    private boolean everyRow;

    /** The kinds of update that a request can switch off. */
    enum Kind {
        INITIAL,
        INSERT,
        DELETE,
        MODIFY;

        private String member() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Part(Set<String> columns, Set<Kind> kinds) {}

    /**
     * What the server reports about a row.
     *
     * @param columns the columns to report; for {@link Kind#MODIFY} at least one of them has changed
     */
    record Notice(Kind kind, Set<String> columns) {}

    /** Reads the requests for a table: an array of objects or, as ovsdb-server(7) allows, a single object. */
    TableMonitor(TableSchema table, @Nullable Object requests) {
        this.table = table;
        JsonArray array = requests instanceof JsonArray several ? several : JsonArray.of(requests);
        Set<String> mentioned = new LinkedHashSet<>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.getValue(i) instanceof JsonObject request)) {
                throw new NonNetException(
                        Reason.SYNTAX, "expected a monitor request, found " + Excerpt.of(array.getValue(i)));
            }
            Part part = parse(request);
            for (String column : part.columns) {
                if (!mentioned.add(column)) {
                    throw new NonNetException(Reason.SYNTAX, "column " + column + " is mentioned more than once");
                }
            }
            parts.add(part);
        }
    }

    private Part parse(JsonObject request) {
        for (String member : request.fieldNames()) {
            if (!Set.of("columns", "where", "select").contains(member)) {
                throw new NonNetException(Reason.SYNTAX, "a monitor request has no member " + Excerpt.of(member));
            }
        }
        List<Predicate<TableRow>> where =
                request.containsKey("where") ? Condition.parseAll(table, request.getValue("where")) : List.of();
        everyRow |= where.isEmpty();
        anyOf.addAll(where);
        return new Part(columns(request), kinds(request.getValue("select")));
    }

    private Set<String> columns(JsonObject request) {
        if (request.containsKey("columns")) {
            return ReadTransaction.columns(table, request.getValue("columns"));
        }
        Set<String> columns = new LinkedHashSet<>(table.columns().keySet());
        columns.remove(TableSchema.UUID);
        return columns;
    }

    private static Set<Kind> kinds(@Nullable Object select) {
        if (select != null && !(select instanceof JsonObject)) {
            throw new NonNetException(Reason.SYNTAX, "\"select\" must be an object, is " + Excerpt.of(select));
        }
        JsonObject chosen = select == null ? new JsonObject() : (JsonObject) select;
        Set<Kind> kinds = new LinkedHashSet<>();
        for (Kind kind : Kind.values()) {
            Object wanted = chosen.getValue(kind.member(), true);
            if (!(wanted instanceof Boolean)) {
                throw new NonNetException(
                        Reason.SYNTAX, "\"" + kind.member() + "\" must be true or false, is " + Excerpt.of(wanted));
            }
            if (wanted.equals(true)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    TableSchema table() {
        return table;
    }

    /** Returns what the answer to the request reports about a row. */
    Optional<Notice> initially(TableRow row) {
        return matches(row) ? notice(Kind.INITIAL) : Optional.empty();
    }

    /** Returns what an update reports about a change of a row. */
    Optional<Notice> upon(RowChange change) {
        boolean before = change.before().filter(this::matches).isPresent();
        boolean after = change.after().filter(this::matches).isPresent();
        if (!before) {
            return after ? notice(Kind.INSERT) : Optional.empty();
        }
        if (!after) {
            return notice(Kind.DELETE);
        }
        TableRow old = change.before().orElseThrow();
        TableRow now = change.after().orElseThrow();
        return notice(Kind.MODIFY)
                .filter(notice -> notice.columns.stream()
                        .anyMatch(column -> !old.cell(column).equals(now.cell(column))));
    }

    private boolean matches(TableRow row) {
        return everyRow || anyOf.stream().anyMatch(condition -> condition.test(row));
    }

    /** Returns a notice of this kind with the columns of every request that wants it; empty if no request does. */
    private Optional<Notice> notice(Kind kind) {
        Set<String> columns = new LinkedHashSet<>();
        boolean wanted = false;
        for (Part part : parts) {
            if (part.kinds.contains(kind)) {
                wanted = true;
                columns.addAll(part.columns);
            }
        }
        return wanted ? Optional.of(new Notice(kind, columns)) : Optional.empty();
    }
}
