// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.spi.cluster.ClusterManager;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.opdbus.verticles.membership.trust.MembershipException;

/** What finds the other members and holds the group together. */
public interface Engine {
    /**
     * What it has to know.
     *
     * @param nodeName what this run of this member is called; never used twice, because what is known of it goes by it
     * @param listen the address and port that the group is spoken with
     * @param members where others may listen
     * @param tls makes every connection; both ends show a certificate
     */
    record Settings(String nodeName, InetSocketAddress listen, List<InetSocketAddress> members, SSLContext tls) {
        public Settings {
            members = List.copyOf(members);
        }
    }

    /** What it tells, on threads of its own, which must not be held up. */
    interface Listener {
        /** Who is there changed. */
        void viewChanged();
    }

    /** Membership in the group, until it is closed. */
    interface Group extends AutoCloseable {
        /** What a clustered Vert.x instance is built on. */
        ClusterManager manager();

        /** From now on others are looked for here too. */
        void seek(List<InetSocketAddress> members);

        /** Whether it goes on; false if it has ended by itself. */
        boolean isUp();

        /** Mends what a parting of the group may have cost this member of its entries. To be called after every change. */
        void putBack();

        /** Leaves the group. Waits for it, for a bounded time. */
        @Override
        void close();
    }

    /**
     * Joins the group, or founds it if nobody answers. Waits for that, some seconds.
     *
     * @throws MembershipException NETWORK if the address cannot be used
     */
    Group join(Settings settings, Listener listener);
}
