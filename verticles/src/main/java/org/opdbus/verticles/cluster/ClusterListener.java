// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import java.util.function.Consumer;
import org.opdbus.ledger.Entry;

/**
 * The part of this host that observes the cluster and supplies this host's containers to it. Called on the thread of
 * the verticle, which waits.
 */
public interface Onlooker {
    /** Receives what a peer published, in the order of that peer. */
    void hear(Told told);

    /** Returns the present containers of this host, in the form of {@code query}; answered on any thread. */
    Single<JsonArray> containers();

    /** Returns whether it wants to receive what peers write into their ledgers from now on, entry by entry. */
    boolean wantsEntries();

    /**
     * Receives an entry that a peer has written, in the order of that peer. Its hash was checked, and that it follows
     * the entry before.
     */
    void hear(Entry entry);

    /** Returns an observer that only receives facts, on a host without containers. */
    static Onlooker hearing(Consumer<Told> listener) {
        return new Onlooker() {
            @Override
            public void hear(Told told) {
                listener.accept(told);
            }

            @Override
            public Single<JsonArray> containers() {
                return Single.just(new JsonArray());
            }

            @Override
            public boolean wantsEntries() {
                return false;
            }

            @Override
            public void hear(Entry entry) {
                // It does not want entries.
            }
        };
    }
}
