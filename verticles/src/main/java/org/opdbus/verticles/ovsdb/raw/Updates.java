// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.raw;

import io.reactivex.rxjava3.core.FlowableEmitter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.verticles.edges.BridgeException;
import org.opdbus.verticles.edges.BridgeException.Reason;
import org.opdbus.verticles.jsonrpc.JsonRpcException;
import org.opdbus.verticles.jsonrpc.JsonRpcPeer;

/**
 * Passes the updates of a monitor to its subscriber, and ends the monitor of a subscriber that leaves too many unread. For the
 * connection's context.
 */
final class Updates implements JsonRpcPeer {
    /** How many characters a subscriber may leave unread. */
    static final int UNREAD_CHARS_MAX = 4 << 20;

    private final FlowableEmitter<String> emitter;
    private final AtomicLong unread;
    private Runnable end = () -> {};
    private boolean hasFailed;

    /**
     * Creates a monitor's peer.
     *
     * @param unread how many characters the subscriber has not taken; the subscriber's side subtracts what it takes
     */
    Updates(FlowableEmitter<String> emitter, AtomicLong unread) {
        this.emitter = emitter;
        this.unread = unread;
    }

    /** Runs this when the subscriber cancels or the monitor fails; at once if that has happened already. */
    void endWith(Runnable ending) {
        end = ending;
        emitter.setCancellable(ending::run);
    }

    void add(JsonObject tables) {
        if (hasFailed) {
            return;
        }
        String text = tables.encode();
        if (unread.addAndGet(text.length()) > UNREAD_CHARS_MAX) {
            fail(new BridgeException(
                    Reason.REFUSED,
                    "the monitor ended: its reader left " + UNREAD_CHARS_MAX
                            + " characters unread; watch fewer columns, or read faster"));
        } else {
            emitter.onNext(text);
        }
    }

    /** The subscriber gets the failure after what is unread; the connection ends at once. */
    void fail(BridgeException failure) {
        if (!hasFailed) {
            hasFailed = true;
            emitter.tryOnError(failure);
            end.run();
        }
    }

    @Override
    public void notified(String method, JsonArray params) {
        if (method.equals("update")) {
            add(params.getJsonObject(1));
        }
    }

    @Override
    public void ended(JsonRpcException why) {
        fail(new BridgeException(
                Reason.UNAVAILABLE,
                "the monitor ended: " + why.getMessage() + "; begin a new one, which sends all rows again",
                why));
    }
}
