// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;
import org.opdbus.verticles.ovsdb.PortChanges.Change;

/**
 * Carries out changes: each in a transaction of its own while the database keeps up, and several in
 * one transaction while it does not. ovsdb-server writes its file once per transaction, and
 * ovs-vswitchd reconfigures itself once per transaction.
 *
 * <p>It is only for changes that do not remove a port, because ovs-vswitchd loses a port that is
 * removed and added in one transaction. A change that fails does not block its companions: if the
 * database refuses a transaction of several changes, each is tried alone and gets its own reason.
 * For one context only.
 */
final class Coalescer {
    /** One transaction runs while the next one is sent. */
    private static final int UNDER_WAY_MAX = 2;

    private static final int TOGETHER_MAX = 64;
    private static final int WAITING_MAX = 1_000;

    private final Function<Transaction, Future<JsonArray>> database;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    private record Waiting(Change change, Promise<String> done) {}

    Coalescer(Function<Transaction, Future<JsonArray>> database) {
        this.database = database;
    }

    /**
     * Carries out a change and returns the Port row's identifier, or fails with an {@link
     * OvsdbException}.
     */
    Future<String> carryOut(Change change) {
        if (waiting.size() >= WAITING_MAX) {
            return Future.failedFuture(new OvsdbException(
                    Reason.UNAVAILABLE, "Open vSwitch's database is busy: " + WAITING_MAX + " changes wait for it"));
        }
        Promise<String> done = Promise.promise();
        waiting.add(new Waiting(change, done));
        send();
        return done.future();
    }

    private void send() {
        while (underWay < UNDER_WAY_MAX && !waiting.isEmpty()) {
            List<Waiting> together = new ArrayList<>();
            while (together.size() < TOGETHER_MAX && !waiting.isEmpty()) {
                together.add(waiting.remove());
            }
            underWay++;
            send(together).onComplete(answered -> {
                underWay--;
                send();
            });
        }
    }

    /** Completes when each of these changes has its result. */
    private Future<Void> send(List<Waiting> together) {
        Transaction transaction = new Transaction();
        List<Function<JsonArray, String>> readers =
                together.stream().map(each -> each.change.writeTo(transaction)).toList();
        return database.apply(transaction)
                .map(results ->
                        readers.stream().map(reader -> reader.apply(results)).toList())
                .map(uuids -> {
                    for (int i = 0; i < together.size(); i++) {
                        together.get(i).done.tryComplete(uuids.get(i));
                    }
                    return (Void) null;
                })
                .recover(failure -> {
                    if (together.size() > 1 && isAboutOne(failure)) {
                        return Future.join(together.stream()
                                        .map(each -> send(List.of(each)))
                                        .toList())
                                .mapEmpty();
                    }
                    together.forEach(each -> each.done.tryFail(failure));
                    return Future.succeededFuture();
                });
    }

    /**
     * Returns whether the database changed nothing and the other changes may succeed without the
     * one at fault.
     */
    private static boolean isAboutOne(Throwable failure) {
        return failure instanceof OvsdbException e && e.reason() != Reason.UNAVAILABLE && e.reason() != Reason.UNKNOWN;
    }
}
