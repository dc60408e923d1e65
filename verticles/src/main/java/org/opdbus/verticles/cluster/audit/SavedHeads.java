// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import java.util.List;
import org.opdbus.events.ClusterEvent.Contradiction;
import org.opdbus.verticles.cluster.limits.StateFile;

/** What a host keeps from one run to the next about the heads of its peers. */
record SavedHeads(List<Known> hosts) implements StateFile.Content {
    static final SavedHeads NONE = new SavedHeads(List.of());

    SavedHeads {
        hosts = List.copyOf(hosts);
    }

    @Override
    public Object news() {
        return hosts.stream().map(Known::news).toList();
    }

    /**
     * What is needed to continue with one peer: the last heartbeat with news, and keys and checkpoints as they were sent.
     *
     * @param good the checkpoint that the peer must continue
     * @param latest the last one that it showed
     * @param owed those that earlier runs showed last, as long as they are not proved
     */
    record Known(
            String host,
            String key,
            long epoch,
            long beat,
            String good,
            String latest,
            List<Fork> forks,
            List<String> owed) {
        Known {
            forks = List.copyOf(forks);
            owed = List.copyOf(owed);
        }

        /** A later heartbeat with the same content is no news. */
        private List<Object> news() {
            return List.of(key, epoch, good, latest, forks, owed);
        }
    }

    /** Two signed checkpoints that cannot both be true. */
    record Fork(Contradiction reason, String older, String newer) {}
}
