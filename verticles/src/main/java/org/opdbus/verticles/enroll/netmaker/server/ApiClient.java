// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;

/**
 * Speaks HTTPS with the API of a Netmaker server. The server's certificate must be signed by an authority that Java trusts
 * or, if a file of authorities is given, by one of these.
 *
 * <p>A request and its whole answer take at most 10 s, and an answer holds at most 8 MiB. A redirect is not followed, so
 * that no credential reaches another server. Every call waits for the server. Safe for use by any thread.
 */
public final class ApiClient {
    static final int OK = 200;
    static final int SERVER_ERROR = 500;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /** Far more than a server sends about a host with thousands of peers. */
    static final int ANSWER_BYTES_MAX = 8 * 1_024 * 1_024;

    private final Optional<Path> caFile;
    private final Duration answerLimit;
    private @Nullable HttpClient client;

    /** A client that trusts these authorities, or those that Java trusts if there is no file. */
    public ApiClient(Optional<Path> caFile) {
        this(caFile, ANSWER_LIMIT);
    }

    /** A client with this limit of time for a request and its whole answer; it trusts what {@link #ApiClient(Optional)} says. */
    ApiClient(Optional<Path> caFile, Duration answerLimit) {
        this.caFile = caFile;
        this.answerLimit = answerLimit;
    }

    /** What the server answered. */
    record Answer(int code, String body) {
        boolean isOk() {
            return code == OK;
        }

        /** The body, if it is a JSON object. */
        Optional<JsonObject> object() {
            try {
                return Optional.of(new JsonObject(body));
            } catch (DecodeException notJson) {
                return Optional.empty();
            }
        }

        /** The body, if it is a JSON list. */
        Optional<JsonArray> list() {
            try {
                return Optional.of(new JsonArray(body));
            } catch (DecodeException notJson) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return "answer " + code;
        }
    }

    /**
     * Sends a request and waits for the answer of any status code.
     *
     * @param base the server, {@code https://api.example.com}
     * @param bearer the credential; secret
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE; it names the server only, because a path may be secret
     */
    Answer send(String method, URI base, String path, Optional<String> bearer, Optional<JsonObject> body)
            throws NetmakerException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(answerLimit)
                .method(
                        method,
                        body.map(json -> BodyPublishers.ofString(json.encode())).orElseGet(BodyPublishers::noBody));
        bearer.ifPresent(credential -> request.header("Authorization", "Bearer " + credential));
        body.ifPresent(json -> request.header("Content-Type", "application/json"));
        CompletableFuture<HttpResponse<String>> exchange =
                client().sendAsync(request.build(), head -> new LimitedBody(ANSWER_BYTES_MAX));
        try {
            HttpResponse<String> response = exchange.get(answerLimit.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.body());
        } catch (ExecutionException failed) {
            throw failure(base, failed.getCause());
        } catch (TimeoutException late) {
            throw failure(base, new HttpTimeoutException("it has not answered in full in time"));
        } finally {
            // Ends an exchange that nothing waits for any more, with its connection.
            exchange.cancel(true);
        }
    }

    private static NetmakerException failure(URI base, @Nullable Throwable cause) {
        if (cause instanceof SSLException untrusted) {
            return new NetmakerException(
                    Reason.UNTRUSTED,
                    base.getAuthority() + " cannot be reached securely: " + untrusted.getMessage(),
                    "if an authority of your own has signed its certificate, name that in netmaker.api.caFile");
        }
        if (cause instanceof IOException) {
            return new NetmakerException(
                    Reason.UNREACHABLE,
                    base.getAuthority() + " cannot be reached: " + cause,
                    "see that the server runs and its name resolves on this host");
        }
        throw new IllegalStateException("a request to " + base.getAuthority() + " failed", cause);
    }

    private synchronized HttpClient client() throws NetmakerException {
        HttpClient made = client;
        if (made == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .connectTimeout(CONNECT_LIMIT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .version(HttpClient.Version.HTTP_1_1);
            if (caFile.isPresent()) {
                builder.sslContext(trusting(caFile.get()));
            }
            made = builder.build();
            client = made;
        }
        return made;
    }

    private static SSLContext trusting(Path file) throws NetmakerException {
        try (var text = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(text)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            if (number == 0) {
                throw new GeneralSecurityException("it holds no certificate");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException failure) {
            throw new NetmakerException(
                    Reason.API_FILE,
                    "the certificates in " + file + " cannot be used: " + failure,
                    "put the authority's certificate there, as PEM");
        }
    }
}
