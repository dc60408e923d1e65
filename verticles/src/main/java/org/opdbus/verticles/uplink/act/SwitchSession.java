// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.opdbus.verticles.uplink.act.SwitchOperations.ANY;
import static org.opdbus.verticles.uplink.act.SwitchOperations.REQUEST_TO_SWITCH;
import static org.opdbus.verticles.uplink.act.SwitchOperations.ROOT;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.jsonrpc.OvsdbSelect;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/** Transactions on Open vSwitch, and the wait until ovs-vswitchd has acted on one. Blocks. */
final class SwitchSession {
    private static final String DATABASE = "Open_vSwitch";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    /** How long ovs-vswitchd may take; a bridge on the kernel's datapath takes some milliseconds. */
    private static final Duration SWITCH_LIMIT = Duration.ofSeconds(10);
    /** How long ovsdb-server waits for a change before it answers that there was none. */
    private static final int WAIT_MS = 1_000;
    /** The error of RFC 7047 section 5.2.6 for an operation that waited in vain, or a guard that does not hold. */
    private static final String TIMED_OUT = "timed out";

    private final SwitchDatabase database;

    SwitchSession(SwitchDatabase database) {
        this.database = database;
    }

    /** A guard of the transaction did not hold: another program changed the rows since they were read. Nothing was changed. */
    static final class RowsChanged extends Exception {
        private static final long serialVersionUID = 1L;

        RowsChanged(String attempt) {
            super("could not " + attempt + ": another program changed the rows of Open vSwitch at the same time");
        }
    }

    /** Returns the rows of each selection. */
    List<List<JsonObject>> read(String attempt, JsonObject... selections) {
        JsonArray results = transact(attempt, new JsonArray(List.of(selections)));
        failure(results).ifPresent(error -> {
            throw new UplinkFailure("could not " + attempt + ": " + error);
        });
        return results.stream()
                .map(result -> ((JsonObject) result)
                        .getJsonArray("rows").stream()
                                .map(JsonObject.class::cast)
                                .toList())
                .toList();
    }

    /**
     * Makes a change and returns when it is on disk and ovs-vswitchd has acted on it.
     *
     * @throws RowsChanged if a guard does not hold
     */
    void change(String attempt, List<JsonObject> operations) throws RowsChanged {
        JsonArray all = new JsonArray(new ArrayList<>(operations))
                .add(SwitchOperations.mutate(ROOT, ANY, REQUEST_TO_SWITCH))
                .add(SwitchOperations.DURABLE.copy())
                .add(SwitchOperations.comment("op-dbus: " + attempt))
                .add(OvsdbSelect.all(ROOT, "next_cfg"));
        JsonArray results = transact(attempt, all);
        Optional<String> error = failure(results);
        if (error.isPresent()) {
            if (error.get().startsWith(TIMED_OUT)) {
                throw new RowsChanged(attempt);
            }
            throw new UplinkFailure("could not " + attempt + ": " + error.get());
        }
        awaitSwitch(
                attempt,
                results.getJsonObject(all.size() - 1)
                        .getJsonArray("rows")
                        .getJsonObject(0)
                        .getLong("next_cfg"));
    }

    /** Waits until ovs-vswitchd has acted on a request (the columns cur_cfg and next_cfg of ovs-vswitchd.conf.db(5)). */
    private void awaitSwitch(String attempt, long request) {
        long deadline = System.nanoTime() + SWITCH_LIMIT.toNanos();
        JsonObject look = OvsdbSelect.all(ROOT, "cur_cfg");
        while (true) {
            long done = read(attempt, look).get(0).get(0).getLong("cur_cfg");
            if (done >= request) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new UplinkFailure(
                        "could not " + attempt + ": the database has the change, but ovs-vswitchd did not act on"
                                + " it within " + SWITCH_LIMIT.toSeconds()
                                + " s; see whether it runs: systemctl status openvswitch-switch");
            }
            JsonObject seen = new JsonObject().put("cur_cfg", done);
            // Its result says no more than the next look does.
            transact(
                    attempt,
                    JsonArray.of(SwitchOperations.waitUntil(ROOT, ANY, "cur_cfg", "!=", seen)
                            .put("timeout", WAIT_MS)));
        }
    }

    private JsonArray transact(String attempt, JsonArray operations) {
        try {
            return new JsonArray(database.transact(DATABASE, operations.encode())
                    .timeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .blockingGet());
        } catch (DecodeException e) {
            throw new UplinkFailure("could not " + attempt + ": Open vSwitch's database gave no valid answer", e);
        } catch (RuntimeException e) {
            // blockingGet() wraps checked exceptions, such as that of the time limit.
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new UplinkFailure(
                    "could not " + attempt + ": Open vSwitch's database does not answer: " + why
                            + "; see whether ovsdb-server runs",
                    e);
        }
    }

    /** An error can stand in any result, and in one more past the last (RFC 7047 section 4.1.3). */
    private static Optional<String> failure(JsonArray results) {
        return results.stream()
                .filter(result -> result instanceof JsonObject object && object.containsKey("error"))
                .map(JsonObject.class::cast)
                .map(error -> error.getString("error") + " " + error.getString("details", ""))
                .findFirst();
    }
}
