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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.membership.tls.MemberTrust;
import org.opdbus.verticles.membership.tls.PendingHandshakes;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This host's place in the cluster from one start to the next stop: the group and the clustered Vert.x instance on
 * it, both made for one identity and one trust. When either of these changes, the session is closed and a new one
 * opened, so that no connection and no resumed TLS session outlives the trust that it was made under.
 *
 * <p>For one thread at a time, which may block.
 */
final class ClusterSession {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private static final int CONNECT_LIMIT_MS = 3_000;
    private static final long PING_MS = 5_000;
    private static final long START_LIMIT_S = 30;
    private static final long STOP_LIMIT_S = 8;
    private static final long ASK_LIMIT_MS = 2_000;

    private final Engine.Group group;
    private final Vertx vertx;
    private final Member self;
    private final Trust trust;

    private ClusterSession(Engine.Group group, Vertx vertx, Member self, Trust trust) {
        this.group = group;
        this.vertx = vertx;
        this.self = self;
        this.trust = trust;
    }

    /**
     * Opens a session; takes some seconds.
     *
     * @param seek the addresses where other members may listen
     * @throws MembershipException if this host's own certificate is not valid, or an address cannot be used
     */
    static ClusterSession take(
            Engine engine,
            MembershipOptions options,
            Identity identity,
            Trust trust,
            Refusals refusals,
            List<InetSocketAddress> seek,
            Engine.Listener listener) {
        checkOwn(identity, trust);
        InetSocketAddress listen = MembershipOptions.socket(options.listen());
        if (listen.isUnresolved()) {
            throw new MembershipException(Reason.NETWORK, "cannot resolve the address of " + options.listen());
        }
        String nodeId = options.host() + "." + UUID.randomUUID();
        Engine.Group group = engine.join(
                new Engine.Settings(
                        nodeId,
                        listen,
                        seek,
                        Tls.context(Optional.of(identity), new MemberTrust(() -> trust, refusals))),
                listener);
        try {
            Vertx vertx = start(group.manager(), options, identity, trust, nodeId);
            return new ClusterSession(
                    group,
                    vertx,
                    NodeCredential.member(
                            NodeCredential.of(identity, nodeId, options.bus()), nodeId, options.bus(), trust),
                    trust);
        } catch (CertificateException e) {
            group.close();
            throw new IllegalStateException("this host does not accept its own credential", e);
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    private static void checkOwn(Identity identity, Trust trust) {
        try {
            trust.host(identity.certificate());
        } catch (CertificateException e) {
            throw new MembershipException(
                    Reason.REFUSED,
                    "this host's own certificate is not valid: " + e.getMessage()
                            + "; let this host join again with \"op-dbus cluster join --replace\"",
                    e);
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
                        .withTransport(new BusTransport())
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

    Vertx vertx() {
        return vertx;
    }

    Member self() {
        return self;
    }

    /** From now on also looks for other members at these addresses. */
    void seek(List<InetSocketAddress> members) {
        group.seek(members);
    }

    /** Returns whether the group still runs; the libraries end it by themselves when they cannot continue. */
    boolean isUp() {
        return group.isUp();
    }

    /** Restores what a split of the group may have lost, and returns the present members without this host. */
    Map<String, Member> look(Refusals refusals) {
        group.putBack();
        Map<String, Member> present = new HashMap<>();
        for (String nodeId : group.manager().getNodes()) {
            if (!nodeId.equals(self.nodeId())) {
                ask(nodeId, refusals, present);
            }
        }
        return present;
    }

    private void ask(String nodeId, Refusals refusals, Map<String, Member> present) {
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
            present.put(nodeId, NodeCredential.member(info.metadata(), nodeId, bus, trust));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("cluster: {} has not sent its credential yet", nodeId);
        } catch (CertificateException | IllegalArgumentException e) {
            refusals.tell("", nodeId, e.getMessage());
        }
    }

    /** Closes the session; waits for a limited time. */
    void leave() {
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
