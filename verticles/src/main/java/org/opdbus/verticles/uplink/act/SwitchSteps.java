// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.opdbus.verticles.uplink.act.SwitchOperations.BRIDGE;
import static org.opdbus.verticles.uplink.act.SwitchOperations.INTERFACE;
import static org.opdbus.verticles.uplink.act.SwitchOperations.PORT;
import static org.opdbus.verticles.uplink.act.SwitchOperations.named;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.opdbus.verticles.jsonrpc.OvsdbSelect;
import org.opdbus.verticles.uplink.act.SwitchSession.RowsChanged;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/** Carries out the steps in Open vSwitch. Each change is one transaction, which has no effect if the rows that it rests on change. */
final class SwitchSteps {
    /** How often a change is decided anew because another program changed the same rows. */
    private static final int ATTEMPTS_MAX = 5;

    private final SwitchSession database;
    private final String host;

    SwitchSteps(SwitchSession database, String host) {
        this.database = database;
        this.host = host;
    }

    /** A decision on the present rows, and its transaction. */
    @FunctionalInterface
    private interface Change {
        void make() throws RowsChanged;
    }

    void prepare(String move, Step.PrepareBridge step) {
        String attempt = "prepare the bridge " + step.bridge();
        repeat(() -> {
            List<List<JsonObject>> rows = database.read(
                    attempt,
                    OvsdbSelect.where(BRIDGE, named(step.bridge()), "_uuid", "external_ids"),
                    OvsdbSelect.where(PORT, named(step.bridge()), "_uuid"),
                    OvsdbSelect.where(INTERFACE, named(step.bridge()), "_uuid", "type"));
            database.change(
                    attempt,
                    rows.get(0).isEmpty()
                            ? SwitchChanges.create(move, step, rows.get(1), rows.get(2))
                            : SwitchChanges.adjust(move, step, rows.get(0).get(0)));
        });
        requirePort(step.bridge(), attempt);
        BridgeLink.awaitUp(step.bridge(), step.mac(), step.mtu());
    }

    void attach(String move, Step.AttachLink step) {
        String attempt = "make " + step.link() + " a port of the bridge " + step.bridge();
        BridgeLink.require(step.link());
        repeat(() -> {
            List<List<JsonObject>> rows = database.read(
                    attempt,
                    OvsdbSelect.all(BRIDGE, "_uuid", "name", "ports"),
                    OvsdbSelect.where(PORT, named(step.link()), "_uuid", "external_ids"),
                    OvsdbSelect.where(INTERFACE, named(step.link()), "_uuid"));
            database.change(
                    attempt,
                    SwitchChanges.attach(
                            SwitchChanges.marks(move, host),
                            step,
                            new SwitchChanges.Rows(rows.get(0), rows.get(1), rows.get(2))));
        });
        requirePort(step.link(), attempt);
    }

    void detach(Step.DetachLink step) {
        String attempt = "remove the port " + step.link() + " from the bridge " + step.bridge();
        repeat(() -> {
            List<List<JsonObject>> rows = database.read(
                    attempt,
                    OvsdbSelect.all(BRIDGE, "_uuid", "name", "ports"),
                    OvsdbSelect.where(PORT, named(step.link()), "_uuid", "external_ids"));
            database.change(
                    attempt, SwitchChanges.detach(step, new SwitchChanges.Rows(rows.get(0), rows.get(1), List.of())));
        });
    }

    void restore(Step.RestoreBridge step) {
        String attempt =
                (step.removes() ? "remove the bridge " : "give back the settings of the bridge ") + step.bridge();
        repeat(() -> {
            List<List<JsonObject>> rows = database.read(
                    attempt,
                    OvsdbSelect.where(BRIDGE, named(step.bridge()), "_uuid", "ports", "external_ids", "other_config"),
                    OvsdbSelect.where(PORT, named(step.bridge()), "_uuid"));
            if (!rows.get(0).isEmpty()) {
                database.change(attempt, SwitchChanges.restore(step, rows.get(0).get(0), rows.get(1)));
            }
        });
    }

    private static void repeat(Change change) {
        for (int i = 1; ; i++) {
            try {
                change.make();
                return;
            } catch (RowsChanged e) {
                if (i == ATTEMPTS_MAX) {
                    throw new UplinkFailure(e.getMessage() + ", " + i + " times", e);
                }
            }
        }
    }

    /** Open vSwitch gives each port that works a number (ovs-vswitchd.conf.db(5), ofport). */
    private void requirePort(String port, String attempt) {
        List<JsonObject> rows = database.read(attempt, OvsdbSelect.where(INTERFACE, named(port), "ofport", "error"))
                .get(0);
        boolean works =
                !rows.isEmpty() && rows.get(0).getValue("ofport") instanceof Number number && number.intValue() > 0;
        if (!works) {
            String error = rows.isEmpty()
                    ? "the port is gone"
                    : String.valueOf(rows.get(0).getValue("error"));
            throw new UplinkFailure("could not " + attempt + ": Open vSwitch does not forward packets through " + port
                    + (error.startsWith("[") ? "" : ": " + error)
                    + "; the reason is in /var/log/openvswitch/ovs-vswitchd.log");
        }
    }
}
