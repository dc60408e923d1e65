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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;

/**
 * Speaks with the API of a Netmaker server. Its certificate must be one that this Java trusts, or, if a file of
 * certificates is given, one that these have signed. Every call waits for the server; safe for use by any thread.
 */
public final class ApiClient {
    static final int OK = 200;
    static final int SERVER_ERROR = 500;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final Optional<Path> caFile;
    private @Nullable HttpClient client;

    public ApiClient(Optional<Path> caFile) {
        this.caFile = caFile;
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
     * Asks, and waits for the answer, whatever its code.
     *
     * @param base the server, {@code https://api.example.com}
     * @param bearer what proves that we may ask; secret
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE; it names the server only, because a path may be secret
     */
    Answer send(String method, URI base, String path, Optional<String> bearer, Optional<JsonObject> body)
            throws NetmakerException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER_LIMIT)
                .method(
                        method,
                        body.map(json -> BodyPublishers.ofString(json.encode())).orElseGet(BodyPublishers::noBody));
        bearer.ifPresent(credential -> request.header("Authorization", "Bearer " + credential));
        body.ifPresent(json -> request.header("Content-Type", "application/json"));
        try {
            HttpResponse<String> response = client().send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (SSLException untrusted) {
            throw new NetmakerException(
                    Reason.UNTRUSTED,
                    base.getAuthority() + " cannot be spoken to securely: " + untrusted.getMessage(),
                    "if an authority of your own has signed its certificate, name that in netmaker.api.caFile");
        } catch (IOException failure) {
            throw new NetmakerException(
                    Reason.UNREACHABLE,
                    base.getAuthority() + " cannot be reached: " + failure,
                    "see that the server runs and its name resolves on this host");
        }
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
