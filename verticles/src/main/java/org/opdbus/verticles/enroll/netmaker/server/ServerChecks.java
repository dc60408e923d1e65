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
 * What servers say of their hosts. A server is asked about a host only now and then; in between, and as long as it does not
 * answer, what it said last holds. A fresh answer is limited, too: the server is asked at most once in each of the
 * shortest waits. Safe for use by any thread.
 */
public final class ServerChecks {
    private static final Logger LOG = LoggerFactory.getLogger(ServerChecks.class);

    private final Duration between;
    private final Duration freshBetween;
    private final Map<ContainerId, Heard> last = new ConcurrentHashMap<>();
    /** When each API that does not answer was asked last: looks at other containers must not wait for it, too. */
    private final Map<String, Long> silent = new ConcurrentHashMap<>();

    private record Heard(long askedNs, HostStatus opinion) {}

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

    /** A question to a server. */
    @FunctionalInterface
    public interface Question {
        HostStatus ask() throws NetmakerException, InterruptedException;
    }

    /**
     * What its server says of a host, now or not long ago; {@link NoAnswer} if it has never answered. May wait for it.
     */
    public HostStatus heard(MeshHost host, Question question) {
        return known(host, question, between);
    }

    /** The same, but no older than the shortest wait; {@link NoAnswer} if the server does not answer now. */
    public HostStatus fresh(MeshHost host, Question question) {
        long before = System.nanoTime();
        HostStatus opinion = known(host, question, freshBetween);
        Heard heard = last.get(host.container());
        return heard != null && before - heard.askedNs() < freshBetween.toNanos() ? opinion : new NoAnswer();
    }

    private HostStatus known(MeshHost host, Question question, Duration age) {
        Heard known = last.get(host.container());
        HostStatus before = known == null ? new NoAnswer() : known.opinion();
        long now = System.nanoTime();
        Long silentSince = silent.get(host.api());
        if ((known != null && now - known.askedNs() < age.toNanos())
                || (silentSince != null && now - silentSince < age.toNanos())) {
            return before;
        }
        HostStatus opinion = ask(host, question);
        if (opinion instanceof NoAnswer) {
            return before;
        }
        last.put(host.container(), new Heard(now, opinion));
        return opinion;
    }

    private HostStatus ask(MeshHost host, Question question) {
        try {
            HostStatus opinion = question.ask();
            silent.remove(host.api());
            return opinion;
        } catch (NetmakerException failure) {
            // A mesh goes on without its server.
            silent.put(host.api(), System.nanoTime());
            LOG.debug("host={} its server gives no opinion: {}", host.hostId(), failure.getMessage());
            return new NoAnswer();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new NoAnswer();
        }
    }

    /** Forgets what was said of a container that runs no more, or that has another place in its mesh now. */
    public void forget(ContainerId id) {
        last.remove(id);
    }
}
