// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.EncodedJson;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

/**
 * Carries out the operations of one {@code transact} (RFC 7047 section 5.2). They only read: the server knows {@code select}
 * and {@code abort}, which writes nothing and with which ovsdb-client's {@code query} ends.
 */
final class ReadTransaction {
    private static final int OPERATIONS_MAX = 64;
    /**
     * The largest number of rows that all operations together may read, each counted once for every condition. It is far more
     * than a host has, and reading this number takes only a moment.
     */
    private static final int ROWS_MAX = 20_000;

    private static final Set<String> SELECT_MEMBERS = Set.of("op", "table", "where", "columns");

    private final Tables tables;
    private final AnswerText answer;
    private long rowsLookedAt;

    private ReadTransaction(Tables tables, AnswerText answer) {
        this.tables = tables;
        this.answer = answer;
    }

    /**
     * Returns the {@code result} of a request: one element for each operation. The error of the first operation that fails is
     * followed by nulls (RFC 7047 section 4.1.3).
     *
     * @param params the request's parameters: the database's name, then the operations, in arrays of their own or not
     * @param bytesMax the largest length of the results
     */
    static EncodedJson run(Tables tables, JsonArray params, int bytesMax) {
        List<@Nullable Object> operations = operations(params);
        return new ReadTransaction(tables, new AnswerText(bytesMax)).run(operations);
    }

    private EncodedJson run(List<@Nullable Object> operations) {
        StringBuilder unfinished = new StringBuilder();
        int done = 0;
        answer.append("[");
        while (done < operations.size() && unfinished.isEmpty()) {
            int start = answer.length();
            String separator = done == 0 ? "" : ",";
            try {
                answer.append(separator);
                carryOut(operations.get(done));
            } catch (NonNetException e) {
                answer.shorten(start);
                unfinished.append(separator).append(e.toJson().encode());
            }
            done++;
        }
        unfinished.append(",null".repeat(operations.size() - done));
        return answer.end(unfinished.append("]").toString());
    }

    private static List<@Nullable Object> operations(JsonArray params) {
        List<@Nullable Object> operations = new ArrayList<>();
        for (int i = 1; i < params.size(); i++) {
            if (params.getValue(i) instanceof JsonArray nested) {
                for (int j = 0; j < nested.size(); j++) {
                    operations.add(nested.getValue(j));
                }
            } else {
                operations.add(params.getValue(i));
            }
        }
        if (operations.size() > OPERATIONS_MAX) {
            throw new NonNetException(
                    Reason.EXHAUSTED, operations.size() + " operations where " + OPERATIONS_MAX + " are allowed");
        }
        return operations;
    }

    private void carryOut(@Nullable Object operation) {
        if (!(operation instanceof JsonObject object) || !(object.getValue("op") instanceof String op)) {
            throw new NonNetException(Reason.SYNTAX, "expected an object with \"op\", found " + Excerpt.of(operation));
        }
        switch (op) {
            case "select" -> select(object);
            case "abort" -> throw new NonNetException(Reason.ABORTED, "aborted by request");
            default -> throw new NonNetException(Reason.NOT_ALLOWED, "read-only database");
        }
    }

    private void select(JsonObject operation) {
        for (String member : operation.fieldNames()) {
            if (!SELECT_MEMBERS.contains(member)) {
                throw new NonNetException(Reason.SYNTAX, "\"select\" has no member " + Excerpt.of(member));
            }
        }
        TableSchema table = table(operation.getValue("table"));
        List<Predicate<TableRow>> where = Condition.parseAll(table, operation.getValue("where"));
        Set<String> columns = operation.containsKey("columns")
                ? columns(table, operation.getValue("columns"))
                : table.columns().keySet();
        lookAt((long) tables.rows(table).size() * Math.max(1, where.size()));
        // Rows whose selected columns are equal count as one row.
        Set<Buffer> shown = new HashSet<>();
        boolean areDistinct = columns.contains(TableSchema.UUID);
        answer.append("{\"rows\":[");
        boolean isFirst = true;
        for (TableRow row : tables.rows(table)) {
            if (where.stream().allMatch(condition -> condition.test(row))) {
                Buffer text = row.toJson(columns).toBuffer();
                if (areDistinct || shown.add(text)) {
                    answer.append(isFirst ? "" : ",").append(text);
                    isFirst = false;
                }
            }
        }
        answer.append("]}");
    }

    private void lookAt(long rows) {
        rowsLookedAt += rows;
        if (rowsLookedAt > ROWS_MAX) {
            throw new NonNetException(
                    Reason.EXHAUSTED,
                    "the transaction would look at more than " + ROWS_MAX + " rows, each counted for every condition");
        }
    }

    /** Returns the table that a request names. */
    static TableSchema table(@Nullable Object name) {
        return (name instanceof String known ? Schema.table(known) : Optional.<TableSchema>empty())
                .orElseThrow(() -> new NonNetException(Reason.SYNTAX, "no table named " + Excerpt.of(name)));
    }

    /** Returns the columns that a request names; it may name each only once. */
    static Set<String> columns(TableSchema table, @Nullable Object names) {
        if (!(names instanceof JsonArray array)) {
            throw new NonNetException(Reason.SYNTAX, "\"columns\" must be an array of column names");
        }
        Set<String> columns = new LinkedHashSet<>();
        for (int i = 0; i < array.size(); i++) {
            table.column(array.getValue(i));
            if (!columns.add(array.getString(i))) {
                throw new NonNetException(
                        Reason.SYNTAX, "column " + Excerpt.of(array.getValue(i)) + " is mentioned more than once");
            }
        }
        return columns;
    }
}
