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

/**
 * Makes links ports of bridges, each by itself while the database keeps up, and in one transaction those that come while
 * it does not: ovsdb-server writes its file, and ovs-vswitchd sets itself up anew, once a transaction.
 *
 * <p>Only new ports share a transaction. One that goes and comes again in a single transaction is lost to ovs-vswitchd.
 *
 * <p>What cannot be attached does not stand in the way of its companions: if a transaction of several is refused, each is
 * tried by itself, and hears its own reason. Belongs to one context.
 */
final class Attachments {
    /** One is being carried out while the next one is on its way. */
    private static final int UNDER_WAY_MAX = 2;

    private static final int TOGETHER_MAX = 64;
    private static final int WAITING_MAX = 1_000;

    private final Function<Transaction, Future<JsonArray>> database;
    private final Deque<Attachment> waiting = new ArrayDeque<>();
    private int underWay;

    private record Attachment(PortRequest request, Promise<String> done) {}

    Attachments(Function<Transaction, Future<JsonArray>> database) {
        this.database = database;
    }

    /** Attaches a link and gives the Port row's identifier, or fails with an {@link OvsdbException}. */
    Future<String> attach(PortRequest request) {
        if (waiting.size() >= WAITING_MAX) {
            return Future.failedFuture(new OvsdbException(
                    Reason.UNAVAILABLE,
                    "cannot attach " + request.name() + " yet: " + WAITING_MAX
                            + " links wait for Open vSwitch's database"));
        }
        Attachment attachment = new Attachment(request, Promise.promise());
        waiting.add(attachment);
        send();
        return attachment.done.future();
    }

    private void send() {
        while (underWay < UNDER_WAY_MAX && !waiting.isEmpty()) {
            List<Attachment> together = new ArrayList<>();
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
    private Future<Void> send(List<Attachment> together) {
        PortChanges.Insertions insertions =
                PortChanges.attach(together.stream().map(Attachment::request).toList());
        return database.apply(insertions.transaction())
                .map(insertions::portUuids)
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
