// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** What this host found out about its siblings, each host for itself. */
public sealed interface ClusterEvent extends Event {
    /** How a host contradicts what it has signed. */
    enum Contradiction {
        /** Its ledger has fewer entries than it had. */
        SHORTER,
        /** Its ledger has as many entries as it had, and others. */
        OTHER_ENTRIES,
        /** Its ledger has more entries than it had, and it was asked twice and did not prove that it goes on from those. */
        NOT_CONTINUED,
        /** Another key signs its ledger. */
        OTHER_KEY
    }

    /**
     * Another host shows a ledger that is not the one that it showed before.
     *
     * @param host whose ledger it is
     * @param before how many entries it had
     * @param now how many it has
     * @param older the checkpoint that was shown before, as it was signed
     * @param newer the one that contradicts it, as it was signed
     * @param key the key that signed the older one; also the newer one unless the reason says otherwise
     * @param message what does not fit
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
     * A container of the same id runs here and on another host at once; both have looked and said so.
     *
     * @param other the other host
     * @param since when its init began here, RFC 3339
     * @param otherSince when its init began there, by that host's clock
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
