// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** A fact that this host found out about its peers. Each host finds it out independently. */
public sealed interface ClusterEvent extends Event {
    /** How a host contradicts what it has signed. */
    enum Contradiction {
        /** Its ledger has fewer entries than before. */
        SHORTER,
        /** Its ledger has as many entries as before, but they differ. */
        OTHER_ENTRIES,
        /**
         * Its ledger has more entries than before. The host was asked twice and did not prove that
         * the ledger continues the earlier one.
         */
        NOT_CONTINUED,
        /** Another key signs its ledger. */
        OTHER_KEY
    }

    /**
     * A peer shows a ledger that contradicts the one that it showed before.
     *
     * @param host the peer whose ledger it is
     * @param before how many entries it had
     * @param now how many it has
     * @param older the checkpoint that it showed before, as it was signed
     * @param newer the checkpoint that contradicts it, as it was signed
     * @param key the key that signed the older one; also the newer one unless the reason says
     * otherwise
     * @param message what does not match
     * @param remedy what to do about it
     */
    record LedgerForked(
            String host,
            Contradiction reason,
            long before,
            long now,
            String older,
            String newer,
            String key,
            String message,
            String remedy)
            implements ClusterEvent {
        @Override
        public String subject() {
            return host;
        }
    }

    /**
     * A container of the same id runs on this host and on a peer at the same time. Both hosts have
     * checked this and said so.
     *
     * @param other the peer
     * @param since when the init began on this host, RFC 3339
     * @param otherSince when the init began on the peer, by the peer's clock
     * @param remedy what to do about it
     */
    record ContainerClaimedTwice(ContainerId container, String other, String since, String otherSince, String remedy)
            implements ClusterEvent {
        @Override
        public String subject() {
            return container.value();
        }
    }
}
