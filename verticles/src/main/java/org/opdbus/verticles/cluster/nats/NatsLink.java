// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats;

import java.util.Set;
import java.util.function.Supplier;
import org.opdbus.verticles.cluster.ClusterTransport;

/**
 * One connection to a NATS server, which is not made again when it ends: its owner connects anew. Safe for use by any
 * thread.
 */
public interface NatsLink extends AutoCloseable {
    /** Returns the server at the other end. */
    String server();

    /** Returns whether it still works. */
    boolean isUp();

    /** Shows this host's trust bundle to all hosts, and leaves it for those that come later. Best effort. */
    void publishTrust(String text);

    /**
     * Returns the transport on this link, which keeps the stream up to date with a ledger while it has a receiver.
     *
     * @param removed the hosts that were removed from the cluster
     */
    ClusterTransport transport(LedgerOutbox outbox, Supplier<Set<String>> removed);

    /** Disconnects; waits for a limited time. */
    @Override
    void close();
}
