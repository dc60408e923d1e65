// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Carries signed messages between the hosts of a cluster; it knows what they are for and nothing of their content. Any
 * message may be lost, duplicated or overtaken, and none waits: a transport without room drops it. The ledger holds
 * what must not be lost. Safe for use by any thread.
 */
public interface ClusterTransport {
    /** Publishes how far this host's ledger has come: to every host, where only the newest one matters. */
    void publishHead(Buffer head);

    /**
     * Publishes facts that are not recorded.
     *
     * @param hosts the peers that are up; a transport that reaches all hosts at once need not look at them
     */
    void publishFacts(Collection<String> hosts, Buffer facts);

    /**
     * Asks for entries of a peer. The answer comes to the receiver as a message that the peer signed, from that peer or
     * from a store of what it published.
     *
     * @param from the height of the first one
     * @param question asks the peer itself
     */
    void fetchEntries(String host, long from, Buffer question);

    /** Sends a question or an answer to one peer. */
    void send(String host, Buffer message);

    /**
     * Passes on everything that is published, or sent to this host, until the subscription is disposed of. The
     * receiver must not block its thread.
     */
    Disposable receive(String self, Consumer<Buffer> receiver);
}
