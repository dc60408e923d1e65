// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import org.opdbus.verticles.cluster.wire.PeerEvent;

/**
 * The part of this host that observes the cluster and supplies this host's containers to it. Called on the thread of
 * the verticle, which waits.
 */
public interface ClusterListener {
    /** Receives what a peer published. */
    void hear(PeerEvent event);

    /** Returns the present containers of this host, in the form of {@code query}; answered on any thread. */
    Single<JsonArray> containers();
}
