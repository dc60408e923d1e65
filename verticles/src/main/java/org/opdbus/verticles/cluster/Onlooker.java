// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import java.util.function.Consumer;
import org.opdbus.ledger.Entry;

/** Who looks at the cluster from this host, and lets itself be looked at. Called on the thread of the verticle, which waits. */
public interface Onlooker {
    /** Hears what a sibling told, each sibling's in its order. */
    void hear(Told told);

    /** Asks what the containers of this host are, as {@code query} shows them; answered on any thread. */
    Single<JsonArray> containers();

    /** Whether it wants to hear what siblings write into their ledgers from now on, entry by entry. */
    boolean wantsEntries();

    /** An entry that a sibling has written, each sibling's in its order; its hash was checked, and that it follows the one before. */
    void hear(Entry entry);

    /** One that only hears what is told, on a host without containers. */
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
                // It wants none.
            }
        };
    }
}
