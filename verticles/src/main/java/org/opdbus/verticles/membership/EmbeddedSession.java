// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.limits.LimitedTransport;
import org.opdbus.verticles.membership.tls.HandshakeLimit;
import org.opdbus.verticles.membership.tls.PendingHandshakes;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session without any server: the group of members, and the clustered Vert.x instance on it.
 *
 * <p>For one thread at a time, which may block.
 */
public final class EmbeddedSession implements ClusterSession {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private static final String TRUST_ADDRESS = "op-dbus.cluster.roster";
    private static final int CONNECT_LIMIT_MS = 3_000;
    private static final long PING_MS = 5_000;
    private static final long START_LIMIT_S = 30;
    private static final long STOP_LIMIT_S = 8;
    private static final long ASK_LIMIT_MS = 2_000;

    private final Engine.Group group;
    private final Vertx vertx;
    private final Member self;
    private final SessionSettings settings;

    private EmbeddedSession(Engine.Group group, Vertx vertx, Member self, SessionSettings settings) {
        this.group = group;
        this.vertx = vertx;
        this.self = self;
        this.settings = settings;
    }

    /**
     * Opens a session; takes some seconds.
     *
     * @throws MembershipException NETWORK if an address cannot be used
     */
    static EmbeddedSession open(
            Engine engine, MembershipOptions options, SessionSettings settings, ClusterSession.Listener listener) {
        InetSocketAddress listen = MembershipOptions.socket(options.listen());
        if (listen.isUnresolved()) {
            throw new MembershipException(Reason.NETWORK, "cannot resolve the address of " + options.listen());
        }
        String nodeId = options.host() + "." + UUID.randomUUID();
        Engine.Group group = engine.join(
                new Engine.Settings(nodeId, listen, settings.seek(), settings.tls()), listener::viewChanged);
        try {
            Identity identity = settings.identity();
            Vertx vertx = start(group.manager(), options, identity, settings.trust(), nodeId);
            vertx.eventBus().<String>consumer(TRUST_ADDRESS, message -> listener.trustHeard(message.body()));
            LOG.info("cluster.up host={} listen={} bus={}", options.host(), options.listen(), options.bus());
            return new EmbeddedSession(
                    group,
                    vertx,
                    NodeCredential.member(
                            NodeCredential.of(identity, nodeId, options.bus()),
                            nodeId,
                            options.bus(),
                            settings.trust()),
                    settings);
        } catch (CertificateException e) {
            group.close();
            throw new IllegalStateException("this host does not accept its own credential", e);
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    private static Vertx start(
            ClusterManager manager, MembershipOptions options, Identity identity, Trust trust, String nodeId) {
        VertxOptions settings = VertxSettings.common()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setEventBusOptions(bus(options, identity, trust, nodeId));
        return await(
                Vertx.builder()
                        .with(settings)
                        .withTransport(LimitedTransport.create(server -> new HandshakeLimit()))
                        .withClusterManager(manager)
                        .buildClustered()
                        .toCompletionStage()
                        .toCompletableFuture(),
                "listen for messages at " + options.bus());
    }

    /**
     * Vert.x passes these options on as JSON, in which an object that decides about trust would be lost. So they
     * contain the data behind the decision: the CAs and their revocation lists.
     */
    private static EventBusOptions bus(MembershipOptions options, Identity identity, Trust trust, String nodeId) {
        PemTrustOptions authorities = new PemTrustOptions();
        for (X509Certificate authority : trust.authorities()) {
            authorities.addCertValue(Buffer.buffer(Pem.text(authority)));
        }
        EventBusOptions bus = new EventBusOptions()
                .setHost(options.bus().host())
                .setPort(options.bus().port())
                .setClusterNodeMetadata(NodeCredential.of(identity, nodeId, options.bus()))
                .setClusterPingInterval(PING_MS)
                .setClusterPingReplyInterval(PING_MS)
                .setConnectTimeout(CONNECT_LIMIT_MS)
                .setSsl(true)
                .setSslHandshakeTimeout(PendingHandshakes.HANDSHAKE_LIMIT_MS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setClientAuth(ClientAuth.REQUIRED)
                .setEnabledSecureTransportProtocols(Set.of(Tls.VERSION))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(Pem.text(identity.key())))
                        .addCertValue(Buffer.buffer(Pem.text(identity.certificate()))))
                .setTrustOptions(authorities);
        for (X509CRL revocations : trust.revocations()) {
            bus.addCrlValue(Buffer.buffer(Pem.encoded(revocations)));
        }
        return bus;
    }

    /** Returns the clustered instance; its owner closes it, and it can be used until the session ends. */
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    public void seek(List<InetSocketAddress> members) {
        group.seek(members);
    }

    /** Returns whether the group still runs; the libraries end it by themselves when they cannot continue. */
    @Override
    public boolean isUp() {
        return group.isUp();
    }

    /** Restores what a split of the group may have lost, and returns the present members. */
    @Override
    public Map<String, Member> look() {
        group.putBack();
        Map<String, Member> present = new HashMap<>();
        for (String nodeId : group.manager().getNodes()) {
            if (!nodeId.equals(self.nodeId())) {
                ask(nodeId, present);
            }
        }
        return present;
    }

    @Override
    public void publishTrust(String text) {
        vertx.eventBus().publish(TRUST_ADDRESS, text);
    }

    private void ask(String nodeId, Map<String, Member> present) {
        CompletableFuture<NodeInfo> answer = new CompletableFuture<>();
        group.manager().getNodeInfo(nodeId, (info, failure) -> {
            if (info == null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(info);
            }
        });
        try {
            NodeInfo info = answer.get(ASK_LIMIT_MS, TimeUnit.MILLISECONDS);
            ListenAddress bus = new ListenAddress(info.host(), info.port());
            present.put(nodeId, NodeCredential.member(info.metadata(), nodeId, bus, settings.trust()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("cluster: {} has not sent its credential yet", nodeId);
        } catch (CertificateException | IllegalArgumentException e) {
            settings.refusals().tell("", nodeId, e.getMessage());
        }
    }

    @Override
    public void leave() {
        try {
            await(vertx.close().toCompletionStage().toCompletableFuture(), "close the bus");
        } catch (MembershipException e) {
            LOG.warn("cluster: {}", e.getMessage());
        }
        Thread leaving = new Thread(group::close, "op-dbus-cluster-leaving");
        leaving.setDaemon(true);
        leaving.setUncaughtExceptionHandler(
                (thread, e) -> LOG.warn("cluster: leaving the group failed: {}", e.toString()));
        leaving.start();
        try {
            leaving.join(TimeUnit.SECONDS.toMillis(STOP_LIMIT_S));
            if (leaving.isAlive()) {
                LOG.warn("cluster: leaving the group took longer than {} s; it is abandoned", STOP_LIMIT_S);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(START_LIMIT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new MembershipException(Reason.NETWORK, "cannot " + what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new MembershipException(Reason.NETWORK, "cannot " + what + " in " + START_LIMIT_S + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MembershipException(Reason.NETWORK, "interrupted before it could " + what, e);
        }
    }
}
