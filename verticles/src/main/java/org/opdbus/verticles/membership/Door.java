// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.opdbus.config.ListenAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the host that holds the CA lets others in, by TLS: one line of JSON in, one line out.
 *
 * <p>A host that has a token sends {@code {"v":1,"op":"join","secret","host","address","request"}}; a member, known by
 * its certificate, {@code {"v":1,"op":"renew","address","request"}}. The answer is {@code {"v":1,"certificate","roster"}}
 * or {@code {"v":1,"refused"}}. A secret that is wrong, used or expired gets the same answer in each case, and so does
 * an address that asks too often. A line is at most 16 KiB, a conversation at most 10 s long, and there are at most 32.
 */
final class Door {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    static final int VERSION = 1;
    static final String NOT_GOOD =
            "the token is not good: it is wrong, or was used, or has expired; make another with \"op-dbus cluster token\"";

    private static final int LINE_BYTES_MAX = 16 * 1024;
    private static final long CONVERSATION_LIMIT_MS = 10_000;
    private static final int CALLERS_MAX = 32;
    private static final long OPEN_LIMIT_MS = 5_000;

    private final Vertx vertx;
    private final Supplier<Trust> trust;
    private final Authority authority;
    private final Attempts attempts = new Attempts(System::nanoTime);
    private final NetServer server;
    private final AtomicInteger callers = new AtomicInteger();

    private Door(
            Vertx vertx,
            ListenAddress address,
            Identity identity,
            Supplier<Trust> trust,
            Authority authority,
            Refusals refusals) {
        this.vertx = vertx;
        this.trust = trust;
        this.authority = authority;
        server = vertx.createNetServer(new NetServerOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setSsl(true)
                .setSslHandshakeTimeout(CONVERSATION_LIMIT_MS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setEnabledSecureTransportProtocols(Set.of(Tls.VERSION))
                // The CA is shown too, because a token names it and its bearer knows nothing else yet.
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(Buffer.buffer(Pem.text(identity.key())))
                        .addCertValue(Buffer.buffer(Pem.text(identity.certificate()) + Pem.text(identity.issuer()))))
                .setClientAuth(ClientAuth.REQUEST)
                .setTrustOptions(TrustOptions.wrap(new MemberTrust(trust, refusals))));
        server.connectHandler(this::receive);
    }

    /**
     * Opens it; waits for that. Where it fails it says so in the log, and nobody is let in until the agent starts again.
     */
    static Door open(
            Vertx vertx,
            ListenAddress address,
            Identity identity,
            Supplier<Trust> trust,
            Authority authority,
            Refusals refusals) {
        Door door = new Door(vertx, address, identity, trust, authority, refusals);
        try {
            finish(door.server.listen());
            LOG.info("cluster.door={}", address);
        } catch (IOException e) {
            LOG.error(
                    "cluster: nobody can be let in: cannot listen on {}: {}; set cluster.door to another address",
                    address,
                    e.getMessage());
        }
        return door;
    }

    /** Closes it, and waits for that, so that another can be opened in its place. */
    void close() {
        try {
            finish(server.close());
        } catch (IOException e) {
            LOG.warn("cluster: closing the door failed: {}", e.getMessage());
        }
    }

    private static void finish(Future<?> future) throws IOException {
        try {
            Object unused = future.toCompletionStage().toCompletableFuture().get(OPEN_LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("it took longer than " + OPEN_LIMIT_MS + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void receive(NetSocket caller) {
        if (callers.incrementAndGet() > CALLERS_MAX) {
            callers.decrementAndGet();
            end(caller);
            return;
        }
        long timer = vertx.setTimer(CONVERSATION_LIMIT_MS, late -> end(caller));
        caller.closeHandler(closed -> {
            callers.decrementAndGet();
            vertx.cancelTimer(timer);
        });
        RecordParser lines = RecordParser.newDelimited("\n").maxRecordSize(LINE_BYTES_MAX);
        lines.exceptionHandler(tooLong -> end(caller));
        lines.handler(line -> {
            // One question a conversation.
            caller.pause();
            answer(caller, line);
        });
        caller.exceptionHandler(e -> LOG.debug("cluster: a caller at the door has gone: {}", e.toString()));
        caller.handler(lines);
    }

    private void answer(NetSocket caller, Buffer line) {
        String address = caller.remoteAddress().hostAddress();
        Optional<X509Certificate> shown = shown(caller);
        vertx.executeBlocking(() -> answer(line, address, shown), false)
                .recover(defect -> {
                    LOG.error("cluster: a caller at the door got no answer", defect);
                    return Future.succeededFuture(refused("the door has a defect; see its log"));
                })
                .compose(answer -> caller.write(answer.encode() + "\n"))
                .onFailure(e -> LOG.debug("cluster: a caller at the door has gone: {}", e.toString()))
                .onComplete(done -> end(caller));
    }

    private JsonObject answer(Buffer line, String address, Optional<X509Certificate> shown) {
        if (!attempts.isAllowed(address)) {
            LOG.debug("cluster: {} asks too often", address);
            return refused(NOT_GOOD);
        }
        try {
            JsonObject question = new JsonObject(line.toString(StandardCharsets.UTF_8));
            byte[] request = Base64.getDecoder().decode(question.getString("request"));
            String listens = question.getString("address");
            return switch (question.getString("op")) {
                case "join" ->
                    join(question.getString("secret"), question.getString("host"), listens, request, address);
                case "renew" -> renew(shown, listens, request);
                default -> refused("the door does not know what is asked; is it of another version?");
            };
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            return refused("the question cannot be read");
        } catch (MembershipException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private JsonObject join(String secret, String host, String listens, byte[] request, String address) {
        Optional<Authority.Admission> admission = authority.admit(secret, host, listens, request);
        if (admission.isEmpty()) {
            LOG.warn("cluster.refused address={}: a token that is not good", address);
            return refused(NOT_GOOD);
        }
        LOG.info("cluster.admitted host={} address={}", host, address);
        return admitted(admission.get());
    }

    private JsonObject renew(Optional<X509Certificate> shown, String listens, byte[] request) {
        try {
            // The handshake has checked it; between that and now it may have been removed.
            String host = trust.get().host(shown.stream().toArray(X509Certificate[]::new));
            JsonObject answer = admitted(authority.renew(host, listens, request));
            LOG.info("cluster.renewed host={}", host);
            return answer;
        } catch (CertificateException e) {
            return refused("the certificate of this host does not hold: " + e.getMessage());
        }
    }

    private static Optional<X509Certificate> shown(NetSocket caller) {
        try {
            return caller.sslSession().getPeerCertificates()[0] instanceof X509Certificate own
                    ? Optional.of(own)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    private static JsonObject admitted(Authority.Admission admission) {
        return new JsonObject()
                .put("v", VERSION)
                .put("certificate", Base64.getEncoder().encodeToString(Pem.encoded(admission.certificate())))
                .put("roster", admission.roster().text());
    }

    private static JsonObject refused(String why) {
        return new JsonObject().put("v", VERSION).put("refused", why);
    }

    private static void end(NetSocket caller) {
        caller.close().onFailure(e -> LOG.debug("cluster: a caller at the door has gone: {}", e.toString()));
    }
}
