// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.parsetools.RecordParser;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.limits.Allowance;
import org.opdbus.verticles.limits.LimitedTransport;
import org.opdbus.verticles.membership.tls.HandshakeLimit;
import org.opdbus.verticles.membership.tls.MemberTrust;
import org.opdbus.verticles.membership.tls.PendingHandshakes;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server by which the host that holds the CA admits other hosts, over TLS: one line of JSON in, one line out.
 *
 * <p>A host that has a token sends {@code {"v":1,"op":"join","secret","host","address","request"}}; a member, known
 * by its certificate, {@code {"v":1,"op":"renew","address","request"}}. The answer is {@code
 * {"v":1,"certificate","roster"}} or {@code {"v":1,"refused"}}. A secret that is wrong, used or expired gets the same
 * answer in each case, and so does an address that asks too often. A line has at most 16 KiB, a conversation takes at
 * most 10 s, and there are at most 32 at a time.
 *
 * <p>It has an instance of Vert.x of its own, because it serves also while this host has none in the cluster.
 */
final class JoinServer {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    static final int VERSION = 1;
    static final String NOT_GOOD =
            "the token is not valid: it is wrong, used or expired; make another with \"op-dbus cluster token\"";

    private static final int LINE_BYTES_MAX = 16 * 1024;
    private static final long CONVERSATION_LIMIT_MS = 10_000;
    static final int CALLERS_MAX = 32;
    /** Of one address, in a minute. */
    static final int QUESTIONS_MAX = 20;

    private static final long OPEN_LIMIT_S = 10;
    /** The answers take turns for the folder of the CA anyhow. */
    private static final int THREADS = 2;

    private final Supplier<Trust> trust;
    private final Authority authority;
    private final Allowance questions = new Allowance(QUESTIONS_MAX, Duration.ofMinutes(1), System::nanoTime);
    private final Semaphore places = new Semaphore(CALLERS_MAX);
    private final Vertx vertx = Vertx.builder()
            .with(VertxSettings.common().setEventLoopPoolSize(1).setWorkerPoolSize(THREADS))
            .withTransport(LimitedTransport.create(server -> new HandshakeLimit()))
            .build();

    private JoinServer(Supplier<Trust> trust, Authority authority) {
        this.trust = trust;
        this.authority = authority;
    }

    /**
     * Opens it. If that fails, the agent logs the reason, and admits no host until it starts again.
     *
     * @return empty if it could not be opened
     */
    static Optional<JoinServer> open(
            ListenAddress address, Identity identity, Supplier<Trust> trust, Authority authority, Refusals refusals) {
        JoinServer door = new JoinServer(trust, authority);
        try {
            await(door.vertx
                    .createNetServer(options(identity, new MemberTrust(trust, refusals)))
                    .connectHandler(door::receive)
                    .listen(address.port(), address.host()));
            LOG.info("cluster.door={}", address);
            return Optional.of(door);
        } catch (RuntimeException e) {
            door.close();
            LOG.error(
                    "cluster: no host can be admitted: cannot listen on {}: {}; set cluster.door to another address",
                    address,
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static NetServerOptions options(Identity identity, MemberTrust trust) {
        // The CA is shown too, because a token names the CA and its bearer knows nothing else yet.
        return new NetServerOptions()
                .setSsl(true)
                .setEnabledSecureTransportProtocols(Set.of(Tls.VERSION))
                .setSslHandshakeTimeout(PendingHandshakes.HANDSHAKE_LIMIT_MS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(Pem.text(identity.key())))
                        .addCertValue(Buffer.buffer(Pem.text(identity.certificate()) + Pem.text(identity.issuer()))))
                .setClientAuth(ClientAuth.REQUEST)
                .setTrustOptions(TrustOptions.wrap(trust));
    }

    /** Closes it, and waits for that; another can be opened in its place at once. */
    void close() {
        try {
            await(vertx.close());
        } catch (RuntimeException e) {
            LOG.warn("cluster: closing the join server failed: {}", e.getMessage());
        }
    }

    private static void await(Future<?> future) {
        Completable.fromCompletionStage(future.toCompletionStage())
                .timeout(OPEN_LIMIT_S, TimeUnit.SECONDS)
                .blockingAwait();
    }

    /** Handles one request with one answer. */
    private void receive(NetSocket caller) {
        if (!places.tryAcquire()) {
            cut(caller);
            return;
        }
        long late = vertx.setTimer(CONVERSATION_LIMIT_MS, timer -> cut(caller));
        caller.closeHandler(closed -> {
            places.release();
            vertx.cancelTimer(late);
        });
        RecordParser lines = RecordParser.newDelimited("\n", caller)
                .maxRecordSize(LINE_BYTES_MAX)
                .exceptionHandler(e -> {
                    LOG.debug("cluster: a caller of the join server is disconnected: {}", e.toString());
                    cut(caller);
                });
        lines.pause().handler(line -> reply(line, caller)).fetch(1);
    }

    private void reply(Buffer line, NetSocket caller) {
        String address = caller.remoteAddress().hostAddress();
        Optional<X509Certificate> shown = shown(caller);
        vertx.executeBlocking(() -> answer(line.toString(), address, shown), false)
                .otherwise(defect -> {
                    LOG.error("cluster: a caller of the join server got no answer", defect);
                    return refused("the join server has a defect; see its log");
                })
                .compose(answer -> caller.end(answer.toBuffer().appendString("\n")))
                .onFailure(e -> LOG.debug("cluster: a caller of the join server has disconnected: {}", e.toString()));
    }

    /** Vert.x's own close waits without a limit until a caller has read its answer. */
    private static void cut(NetSocket caller) {
        var unused = ((NetSocketInternal) caller).channelHandlerContext().close();
    }

    /** Returns the answer to one request; refuses a request that cannot be parsed. */
    JsonObject answer(String line, String address, Optional<X509Certificate> shown) {
        if (questions.next(address).isEmpty()) {
            LOG.debug("cluster: {} sends requests too often", address);
            return refused(NOT_GOOD);
        }
        try {
            JsonObject question = new JsonObject(line);
            byte[] request = Base64.getDecoder().decode(question.getString("request"));
            String listens = question.getString("address");
            return switch (question.getString("op")) {
                case "join" ->
                    join(question.getString("secret"), question.getString("host"), listens, request, address);
                case "renew" -> renew(shown, listens, request);
                default -> refused("the join server does not know this request; does it have another version?");
            };
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            return refused("the request cannot be parsed");
        } catch (MembershipException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private JsonObject join(String secret, String host, String listens, byte[] request, String address) {
        Optional<Authority.Admission> admission = authority.admit(secret, host, listens, request);
        if (admission.isEmpty()) {
            LOG.warn("cluster.refused address={}: a token that is not valid", address);
            return refused(NOT_GOOD);
        }
        LOG.info("cluster.admitted host={} address={}", host, address);
        return admitted(admission.get());
    }

    private JsonObject renew(Optional<X509Certificate> shown, String listens, byte[] request) {
        try {
            // The handshake has checked the certificate; since then the host may have been removed.
            String host = trust.get().host(shown.stream().toArray(X509Certificate[]::new));
            JsonObject answer = admitted(authority.renew(host, listens, request));
            LOG.info("cluster.renewed host={}", host);
            return answer;
        } catch (CertificateException e) {
            return refused("the certificate of this host is not valid: " + e.getMessage());
        }
    }

    private static Optional<X509Certificate> shown(NetSocket caller) {
        try {
            return Optional.of((X509Certificate) caller.peerCertificates().get(0));
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    private static JsonObject admitted(Authority.Admission admission) {
        return new JsonObject()
                .put("v", VERSION)
                .put("certificate", Base64.getEncoder().encodeToString(Pem.encoded(admission.certificate())))
                .put("roster", admission.bundle().text());
    }

    private static JsonObject refused(String why) {
        return new JsonObject().put("v", VERSION).put("refused", why);
    }
}
