// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.ContainerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What servers think of their nodes. A server is asked about a host only now and then; in between, and as long as it does
 * not answer, what it said last holds. Safe for use by any thread.
 */
final class ServerOpinions {
    private static final Logger LOG = LoggerFactory.getLogger(ServerOpinions.class);

    private final ServerApi api;
    private final Duration between;
    private final Map<ContainerId, Opinion> last = new ConcurrentHashMap<>();
    /** When each API that does not answer was asked last: nobody else is to wait for it, too. */
    private final Map<String, Long> silent = new ConcurrentHashMap<>();

    private record Opinion(long askedNs, Optional<String> complaint) {}

    ServerOpinions(ServerApi api, Duration between) {
        this.api = api;
        this.between = between;
    }

    /** What its server has to complain of in a host's nodes; empty if nothing is known of any trouble. May wait for it. */
    Optional<String> complaint(ContainerId id, MeshHost host, List<MeshNode> nodes) {
        Opinion known = last.get(id);
        long now = System.nanoTime();
        if (known != null && now - known.askedNs() < between.toNanos()) {
            return known.complaint();
        }
        Optional<String> before = known == null ? Optional.empty() : known.complaint();
        Long silentSince = silent.get(host.api());
        if (silentSince != null && now - silentSince < between.toNanos()) {
            return before;
        }
        Optional<String> complaint = ask(host, nodes, before);
        last.put(id, new Opinion(now, complaint));
        return complaint;
    }

    private Optional<String> ask(MeshHost host, List<MeshNode> nodes, Optional<String> before) {
        try {
            for (MeshNode node : nodes) {
                Optional<String> complaint = api.complaint(host, node);
                if (complaint.isPresent()) {
                    return complaint;
                }
            }
            silent.remove(host.api());
            return Optional.empty();
        } catch (NetmakerException failure) {
            // A mesh goes on without its server.
            silent.put(host.api(), System.nanoTime());
            LOG.debug("host={} its server gives no opinion: {}", host.hostId(), failure.getMessage());
            return before;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return before;
        }
    }

    /** Forgets what was said of a container that runs no more. */
    void forget(ContainerId id) {
        last.remove(id);
    }
}
