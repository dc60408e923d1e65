// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.limits.Allowance;
import org.opdbus.verticles.membership.tls.MemberTrust;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.tls.TlsServerSocket;
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
 * <p>Threads of its own, which may block, accept the callers and answer them.
 */
final class JoinServer {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    static final int VERSION = 1;
    static final String NOT_GOOD =
            "the token is not valid: it is wrong, used or expired; make another with \"op-dbus " + "cluster token\"";

    private static final int LINE_BYTES_MAX = 16 * 1024;
    private static final long CONVERSATION_LIMIT_MS = 10_000;
    private static final int CALLERS_MAX = 32;
    /** Of one address, in a minute. */
    static final int QUESTIONS_MAX = 20;

    private static final long IDLE_THREAD_S = 10;

    private final Supplier<Trust> trust;
    private final Authority authority;
    private final Allowance questions = new Allowance(QUESTIONS_MAX, Duration.ofMinutes(1), System::nanoTime);
    private final TlsServerSocket server;
    private final ThreadPoolExecutor conversations = new ThreadPoolExecutor(
            0,
            CALLERS_MAX,
            IDLE_THREAD_S,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            TlsServerSocket.daemons("op-dbus-door"));

    private final ScheduledThreadPoolExecutor limits =
            new ScheduledThreadPoolExecutor(1, TlsServerSocket.daemons("op-dbus-door-limit"));

    private JoinServer(Identity identity, Supplier<Trust> trust, Authority authority, Refusals refusals)
            throws IOException {
        this.trust = trust;
        this.authority = authority;
        limits.setRemoveOnCancelPolicy(true);
        // The CA is shown too, because a token names the CA and its bearer knows nothing else yet.
        server = new TlsServerSocket(Tls.context(Optional.of(identity), new MemberTrust(trust, refusals)), false);
    }

    /**
     * Opens it. If that fails, the agent logs the reason, and admits no host until it starts again.
     *
     * @return empty if it could not be opened
     */
    static Optional<JoinServer> open(
            ListenAddress address, Identity identity, Supplier<Trust> trust, Authority authority, Refusals refusals) {
        try {
            JoinServer door = new JoinServer(identity, trust, authority, refusals);
            door.listen(address);
            LOG.info("cluster.door={}", address);
            return Optional.of(door);
        } catch (IOException e) {
            LOG.error(
                    "cluster: no host can be admitted: cannot listen on {}: {}; set cluster.door "
                            + "to another address",
                    address,
                    e.getMessage());
            return Optional.empty();
        }
    }

    private void listen(ListenAddress address) throws IOException {
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(address.host(), address.port()));
        } catch (IOException e) {
            close();
            throw e;
        }
        TlsServerSocket.daemons("op-dbus-door-accept")
                .newThread(this::receiveAll)
                .start();
    }

    /** Closes it; another can be opened in its place at once. */
    void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("cluster: closing the join server failed: {}", e.getMessage());
        }
        conversations.shutdownNow();
        limits.shutdownNow();
    }

    private void receiveAll() {
        try {
            while (true) {
                receive(server.accept());
            }
        } catch (IOException closed) {
            LOG.debug("cluster: the join server is closed");
        }
    }

    private void receive(SSLSocket caller) {
        try {
            Future<?> late = limits.schedule(() -> end(caller), CONVERSATION_LIMIT_MS, TimeUnit.MILLISECONDS);
            conversations.execute(() -> {
                converse(caller);
                late.cancel(false);
            });
        } catch (RejectedExecutionException tooManyOrClosed) {
            end(caller);
        }
    }

    /** Handles one request with one answer. */
    private void converse(SSLSocket caller) {
        try (caller) {
            String line = line(caller.getInputStream());
            String answer = answered(line, caller).encode() + "\n";
            caller.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            caller.getOutputStream().flush();
        } catch (IOException e) {
            LOG.debug("cluster: a caller of the join server has disconnected: {}", e.toString());
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() >= LINE_BYTES_MAX) {
                throw new SocketException(next < 0 ? "it sent no request" : "its request is too long");
            }
            // The protocol is ASCII: names, addresses and base64.
            line.append((char) next);
        }
        return line.toString();
    }

    private JsonObject answered(String line, SSLSocket caller) {
        try {
            return answer(line, caller.getInetAddress().getHostAddress(), shown(caller));
        } catch (RuntimeException defect) {
            LOG.error("cluster: a caller of the join server got no answer", defect);
            return refused("the join server has a defect; see its log");
        }
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
                default -> refused("the join server does not know this request; does it have " + "another version?");
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

    private static Optional<X509Certificate> shown(SSLSocket caller) {
        try {
            return caller.getSession().getPeerCertificates()[0] instanceof X509Certificate own
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

    private static void end(Socket caller) {
        try {
            caller.close();
        } catch (IOException e) {
            LOG.debug("cluster: a caller of the join server has disconnected: {}", e.toString());
        }
    }
}
