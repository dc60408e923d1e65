// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.NoAnswer;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What servers say about their hosts. A server is asked about a host only at intervals. Between two requests, and as long as
 * the server does not answer, its last answer holds. Fresh answers have a shortest interval, too. Safe for use by any thread.
 */
public final class ServerChecks {
    private static final Logger LOG = LoggerFactory.getLogger(ServerChecks.class);

    private final Duration between;
    private final Duration freshBetween;
    private final Map<ContainerId, Heard> last = new ConcurrentHashMap<>();
    /** When each API that does not answer was last asked: checks of other containers must not wait for it, too. */
    private final Map<String, Long> silent = new ConcurrentHashMap<>();

    private record Heard(long askedNs, HostStatus status) {}

    /**
     * Checks of hosts.
     *
     * @param between the interval between two requests about one host
     * @param freshBetween the shortest interval between two requests for a fresh answer
     */
    public ServerChecks(Duration between, Duration freshBetween) {
        this.between = between;
        this.freshBetween = freshBetween;
    }

    /** A request to a server. */
    @FunctionalInterface
    public interface Question {
        HostStatus ask() throws NetmakerException, InterruptedException;
    }

    /**
     * Returns what its server says about a host, now or not long ago; {@link NoAnswer} if the server has never answered. It may
     * wait for the answer.
     */
    public HostStatus heard(MeshHost host, Question question) {
        return known(host, question, between);
    }

    /**
     * Returns what its server says about a host, and nothing that it said longer ago than the shortest wait; {@link NoAnswer} if
     * the server does not answer now. It may wait for the answer.
     */
    public HostStatus fresh(MeshHost host, Question question) {
        long before = System.nanoTime();
        HostStatus status = known(host, question, freshBetween);
        Heard heard = last.get(host.container());
        return heard != null && before - heard.askedNs() < freshBetween.toNanos() ? status : new NoAnswer();
    }

    private HostStatus known(MeshHost host, Question question, Duration age) {
        Heard known = last.get(host.container());
        HostStatus before = known == null ? new NoAnswer() : known.status();
        long now = System.nanoTime();
        Long silentSince = silent.get(host.api());
        if ((known != null && now - known.askedNs() < age.toNanos())
                || (silentSince != null && now - silentSince < age.toNanos())) {
            return before;
        }
        HostStatus status = ask(host, question);
        if (status instanceof NoAnswer) {
            return before;
        }
        last.put(host.container(), new Heard(now, status));
        return status;
    }

    private HostStatus ask(MeshHost host, Question question) {
        try {
            HostStatus status = question.ask();
            silent.remove(host.api());
            return status;
        } catch (NetmakerException failure) {
            // A mesh works without its server.
            silent.put(host.api(), System.nanoTime());
            LOG.debug("host={} its server does not answer: {}", host.hostId(), failure.getMessage());
            return new NoAnswer();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new NoAnswer();
        }
    }

    /** Forgets what a server said about a container that has stopped, or that has another node now. */
    public void forget(ContainerId id) {
        last.remove(id);
    }
}
