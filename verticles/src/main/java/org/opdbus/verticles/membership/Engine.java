// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.spi.cluster.ClusterManager;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.opdbus.verticles.membership.trust.MembershipException;

/** Finds the other members and keeps the group together. */
public interface Engine {
    /**
     * The inputs of an engine.
     *
     * @param nodeName the name of this run of this member; never used twice, because the group keys its records by it
     * @param listen the address and port for the group
     * @param members the addresses where other members may listen
     * @param tls makes every connection; both ends show a certificate
     */
    record Settings(String nodeName, InetSocketAddress listen, List<InetSocketAddress> members, SSLContext tls) {
        public Settings {
            members = List.copyOf(members);
        }
    }

    /** Receives the events of an engine, on the engine's threads, which it must not block. */
    interface Listener {
        /** The set of members changed. */
        void viewChanged();
    }

    /** Membership in the group, until it is closed. */
    interface Group extends AutoCloseable {
        /** Returns the cluster manager for a clustered Vert.x instance. */
        ClusterManager manager();

        /** From now on also looks for other members at these addresses. */
        void seek(List<InetSocketAddress> members);

        /** Returns whether it still runs; false if it has ended by itself. */
        boolean isUp();

        /**
         * Restores the entries of this member that a split of the group may have lost. Call it after every change.
         */
        void putBack();

        /** Leaves the group. Waits for a limited time. */
        @Override
        void close();
    }

    /**
     * Joins the group, or founds it if no member answers. Takes some seconds.
     *
     * @throws MembershipException NETWORK if the address cannot be used
     */
    Group join(Settings settings, Listener listener);
}
