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
 * Carries out changes, each by itself while the database keeps up, and in one transaction those that come while it does
 * not: ovsdb-server writes its file, and ovs-vswitchd sets itself up anew, once a transaction.
 *
 * <p>It is for changes that do not take a port away: one that goes and comes again in a single transaction is lost to
 * ovs-vswitchd. A change that is not carried out does not stand in the way of its companions: if a transaction of several
 * is refused, each is tried by itself, and hears its own reason. Belongs to one context.
 */
final class Coalescer {
    /** One is being carried out while the next one is on its way. */
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

    /** Carries out a change and gives the Port row's identifier, or fails with an {@link OvsdbException}. */
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

    /** Done when each of these has heard its outcome. */
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

    /** Whether nothing was done, and the others may succeed without the one that is to blame. */
    private static boolean isAboutOne(Throwable failure) {
        return failure instanceof OvsdbException e && e.reason() != Reason.UNAVAILABLE && e.reason() != Reason.UNKNOWN;
    }
}
