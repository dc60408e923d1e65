// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.EncodedJson;
import org.opdbus.verticles.nonnet.NonNetException.Reason;
import org.opdbus.verticles.nonnet.TableMonitor.Notice;
import org.opdbus.verticles.nonnet.Tables.RowChange;

/** One client's subscription to changes, from {@code monitor} or {@code monitor_cond} until the client cancels it. */
final class Monitor {
    private final UpdateFormat format;
    private final @Nullable Object id;
    private final Map<TableSchema, TableMonitor> tables = new LinkedHashMap<>();

    /**
     * Reads a request.
     *
     * @param id the client's name for the monitor: any JSON value, null included
     * @param requests the client's monitor requests, by table
     */
    Monitor(UpdateFormat format, @Nullable Object id, @Nullable Object requests) {
        this.format = format;
        this.id = id;
        if (!(requests instanceof JsonObject byTable)) {
            throw new NonNetException(
                    Reason.SYNTAX, "expected monitor requests by table, found " + Excerpt.of(requests));
        }
        for (String name : byTable.fieldNames()) {
            TableSchema table = ReadTransaction.table(name);
            tables.put(table, new TableMonitor(table, byTable.getValue(name)));
        }
    }

    /** Returns the method of this monitor's notifications. */
    String method() {
        return format.method();
    }

    /** Returns the initial rows for the answer to the request; fails if they are longer than the limit. */
    EncodedJson initial(Tables model, int bytesMax) {
        AnswerText answer = new AnswerText(bytesMax).append("{");
        boolean isFirstTable = true;
        for (TableMonitor monitor : tables.values()) {
            String between =
                    (isFirstTable ? "" : ",") + Json.encode(monitor.table().name()) + ":{";
            for (TableRow row : model.rows(monitor.table())) {
                Optional<Notice> notice = monitor.initially(row);
                if (notice.isPresent()) {
                    JsonObject told = format.of(notice.get(), monitor.table(), Optional.empty(), Optional.of(row));
                    answer.append(between)
                            .append(Json.encode(row.uuid().toString()))
                            .append(":")
                            .append(told.toBuffer());
                    between = ",";
                }
            }
            if (between.equals(",")) {
                answer.append("}");
                isFirstTable = false;
            }
        }
        return answer.end("}");
    }

    /** Returns the parameters of the notification about these changes; empty if none of them concerns this monitor. */
    Optional<JsonArray> update(List<RowChange> changes) {
        JsonObject updates = new JsonObject();
        for (RowChange change : changes) {
            TableMonitor monitor = tables.get(change.table());
            if (monitor != null) {
                monitor.upon(change).ifPresent(notice -> add(updates, notice, change));
            }
        }
        return updates.isEmpty()
                ? Optional.empty()
                : Optional.of(new JsonArray().add(id).add(updates));
    }

    private void add(JsonObject updates, Notice notice, RowChange change) {
        String table = change.table().name();
        JsonObject ofTable = updates.getJsonObject(table);
        if (ofTable == null) {
            ofTable = new JsonObject();
            updates.put(table, ofTable);
        }
        boolean known = notice.kind() == TableMonitor.Kind.MODIFY || notice.kind() == TableMonitor.Kind.DELETE;
        ofTable.put(
                change.uuid().toString(),
                format.of(notice, change.table(), known ? change.before() : Optional.empty(), change.after()));
    }
}
