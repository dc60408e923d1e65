// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * This host's place in the cluster from one start to the next stop, made for one identity and one trust. When either of
 * these changes, the session is closed and a new one opened, so that no connection and no resumed TLS session outlives
 * the trust that it was made under.
 *
 * <p>For one thread at a time, which may block.
 */
public interface ClusterSession {
    /** Receives the events of a session, on any thread, which it must not block. */
    interface Listener {
        /** The present members, or whether the session is up, may have changed. */
        void viewChanged();

        /** Another member shows its trust bundle; not checked. */
        void trustHeard(String text);
    }

    /** Opens sessions; which kind is the choice of the configuration. */
    @FunctionalInterface
    interface Factory {
        /**
         * Opens a session; may take some seconds.
         *
         * @throws org.opdbus.verticles.membership.trust.MembershipException NETWORK if that fails
         */
        ClusterSession open(SessionSettings settings, Listener listener);
    }

    /** Returns this host. */
    Member self();

    /** From now on also looks for other members at these addresses, if it looks for members. */
    void seek(List<InetSocketAddress> members);

    /** Returns whether it still works; a session that has ended by itself stays ended. */
    boolean isUp();

    /** Returns the present members without this host, by the ids of their runs; none if it does not know them. */
    Map<String, Member> look();

    /** Shows this host's trust bundle to all members. Best effort. */
    void publishTrust(String text);

    /** Closes the session; waits for a limited time. */
    void leave();
}
