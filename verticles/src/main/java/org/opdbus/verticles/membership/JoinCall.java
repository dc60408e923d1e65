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
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;

/** One request to the join server of the host that holds the CA, from a thread that may block: at most 20 s. */
final class JoinCall {
    private static final int CONNECT_LIMIT_MS = 5_000;
    private static final int LIMIT_MS = 20_000;

    private final ListenAddress door;
    private final SSLContext tls;

    JoinCall(ListenAddress door, SSLContext tls) {
        this.door = door;
        this.tls = tls;
    }

    /** The answer, unchecked. */
    record Answer(X509Certificate certificate, String bundle) {}

    /**
     * Sends the request.
     *
     * @throws MembershipException UNREACHABLE; REFUSED with the join server's message, or if it belongs to another
     * cluster
     */
    Answer ask(JsonObject question) {
        JsonObject answer =
                parsed(exchange(question.put("v", JoinServer.VERSION).encode() + "\n"));
        String refused = answer.getString("refused");
        if (refused != null) {
            throw new MembershipException(Reason.REFUSED, door + ": " + plain(refused));
        }
        try {
            return new Answer(
                    Pem.certificate(Base64.getDecoder().decode(answer.getString("certificate"))),
                    answer.getString("roster"));
        } catch (GeneralSecurityException | IllegalArgumentException | NullPointerException e) {
            throw new MembershipException(Reason.REFUSED, door + " sent an answer that is not valid", e);
        }
    }

    private String exchange(String line) {
        try (Socket plain = new Socket()) {
            // Each read has a limit; this one is for all reads together.
            CompletableFuture<Void> late = CompletableFuture.runAsync(
                    () -> close(plain), CompletableFuture.delayedExecutor(LIMIT_MS, TimeUnit.MILLISECONDS));
            plain.connect(new InetSocketAddress(door.host(), door.port()), CONNECT_LIMIT_MS);
            plain.setSoTimeout(LIMIT_MS);
            try (SSLSocket socket =
                    (SSLSocket) tls.getSocketFactory().createSocket(plain, door.host(), door.port(), true)) {
                socket.setEnabledProtocols(new String[] {Tls.VERSION});
                String answer = answered(socket, line, late);
                late.cancel(false);
                return answer;
            }
        } catch (SSLException e) {
            throw new MembershipException(
                    Reason.REFUSED,
                    "no secure connection with " + door + ": " + innermost(e).getMessage(),
                    e);
        } catch (IOException e) {
            throw new MembershipException(
                    Reason.UNREACHABLE,
                    "cannot ask at " + door + ": " + e.getMessage()
                            + "; does the agent run on the host that holds the CA, with cluster.door set to this address?",
                    e);
        }
    }

    /**
     * Shakes hands, sends the line and reads the answer. In TLS 1.3 our certificate is in our last flight of the handshake, and
     * the server checks it while we still write (RFC 8446 section 4.4.2). If it refuses the certificate, the connection can be
     * reset before we have read the alert that says so, in the handshake as well as after it; that is a refusal, too.
     */
    private static String answered(SSLSocket socket, String line, Future<?> late) throws IOException {
        try {
            socket.startHandshake();
            socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return line(socket.getInputStream());
        } catch (SocketException e) {
            if (late.isDone()) {
                throw e;
            }
            SSLException refused = new SSLException("the join server ended the connection before it answered ("
                    + e.getMessage() + "), as it does with a host that is no member of its cluster");
            refused.addSuppressed(e);
            throw refused;
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() >= SignedTrustBundle.LENGTH_MAX) {
                throw new IOException(
                        next < 0
                                ? "the join server closed the connection without " + "an answer"
                                : "its answer is too long");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private static JsonObject parsed(String line) {
        try {
            return new JsonObject(line);
        } catch (DecodeException e) {
            throw new MembershipException(Reason.REFUSED, "the join server sent an answer that is " + "not valid", e);
        }
    }

    /** Another host chose the words. */
    private static String plain(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.substring(0, Math.min(printable.length(), 500));
    }

    private static Throwable innermost(Throwable failure) {
        return failure.getCause() == null ? failure : innermost(failure.getCause());
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close a socket", e);
        }
    }
}
