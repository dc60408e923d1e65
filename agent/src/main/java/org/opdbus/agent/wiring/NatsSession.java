// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.NatsConfig;
import org.opdbus.verticles.cluster.ClusterTransport;
import org.opdbus.verticles.cluster.nats.LedgerOutbox;
import org.opdbus.verticles.cluster.nats.NatsEngine;
import org.opdbus.verticles.cluster.nats.NatsLink;
import org.opdbus.verticles.cluster.nats.NatsSettings;
import org.opdbus.verticles.membership.ClusterSession;
import org.opdbus.verticles.membership.Libraries;
import org.opdbus.verticles.membership.Member;
import org.opdbus.verticles.membership.SessionSettings;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.Pem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session of the membership on a NATS system. It opens no port and knows no other members: which hosts are up, their heads
 * tell.
 */
final class NatsSession implements ClusterSession {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final NatsLink link;
    private final Member self;

    private NatsSession(NatsLink link, Member self) {
        this.link = link;
        this.self = self;
    }

    /** Returns what opens such sessions for a host. */
    static ClusterSession.Factory factory(AgentConfig config) {
        NatsEngine engine = Libraries.load().make(NatsEngine.IMPLEMENTATION, NatsEngine.class);
        NatsConfig nats = config.cluster().nats();
        return (settings, listener) -> open(engine, config.host(), nats, settings, listener);
    }

    private static NatsSession open(
            NatsEngine engine,
            String host,
            NatsConfig config,
            SessionSettings settings,
            ClusterSession.Listener listener) {
        try {
            NatsLink link = engine.connect(
                    new NatsSettings(
                            host, config.urls(), config.credentialsFile(), config.prefix(), settings.natsTls()),
                    new Listener(listener));
            LOG.info("cluster.up host={} nats={}", host, link.server());
            return new NatsSession(
                    link,
                    new Member(
                            host,
                            host,
                            link.server(),
                            Pem.fingerprint(settings.identity().certificate()),
                            settings.identity().certificate().getNotAfter().toInstant()));
        } catch (IOException e) {
            throw new MembershipException(MembershipException.Reason.NETWORK, String.valueOf(e.getMessage()), e);
        }
    }

    private record Listener(ClusterSession.Listener listener) implements NatsEngine.Listener {
        @Override
        public void ended() {
            listener.viewChanged();
        }

        @Override
        public void trustHeard(String text) {
            listener.trustHeard(text);
        }
    }

    /** Returns the transport on this session. */
    ClusterTransport transport(LedgerOutbox outbox, Supplier<Set<String>> removed) {
        return link.transport(outbox, removed);
    }

    @Override
    public Member self() {
        return self;
    }

    /** Does nothing: the members meet at the servers. */
    @Override
    public void seek(List<InetSocketAddress> members) {}

    @Override
    public boolean isUp() {
        return link.isUp();
    }

    @Override
    public Map<String, Member> look() {
        return Map.of();
    }

    @Override
    public void publishTrust(String text) {
        link.publishTrust(text);
    }

    @Override
    public void leave() {
        link.close();
    }
}
