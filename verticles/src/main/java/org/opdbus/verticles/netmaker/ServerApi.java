// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.opdbus.verticles.netmaker.NetmakerException.Reason;

/**
 * The part of a Netmaker server's API by which a host removes itself with its own credential: it works with every version
 * of the server, and nobody's administrator rights are needed. Every method waits for the server.
 */
final class ServerApi {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final HttpClient client;
    private final String scheme;

    ServerApi(String scheme) {
        this.scheme = scheme;
        client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /**
     * Removes a host with all its nodes, and makes sure that it is gone. One that is gone already is fine.
     *
     * @throws NetmakerException UNREACHABLE, REFUSED
     */
    void remove(MeshHost host) throws NetmakerException, InterruptedException {
        Optional<String> pass = authenticate(host);
        if (pass.isEmpty()) {
            return;
        }
        HttpResponse<String> answer = send(
                host,
                request(host, "/api/hosts/" + host.hostId() + "?force=true")
                        .header("Authorization", "Bearer " + pass.get())
                        .DELETE());
        // A server says 500 of a host that is gone; whether it is, only the next question tells.
        if (answer.statusCode() != OK && answer.statusCode() < SERVER_ERROR) {
            throw new NetmakerException(
                    Reason.REFUSED,
                    host + " was not removed: the server answered " + answer.statusCode(),
                    "delete the host on the server");
        }
        if (authenticate(host).isPresent()) {
            throw new NetmakerException(
                    Reason.UNREACHABLE, host + " is still there after it was removed", "delete the host on the server");
        }
    }

    /** A token for the host's own affairs; empty if the server knows no such host. */
    private Optional<String> authenticate(MeshHost host) throws NetmakerException, InterruptedException {
        JsonObject credential = new JsonObject()
                .put("macaddress", host.mac())
                .put("id", host.hostId())
                .put("password", host.password());
        HttpResponse<String> answer = send(
                host,
                request(host, "/api/hosts/adm/authenticate")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(credential.encode())));
        if (answer.statusCode() == BAD_REQUEST) {
            return Optional.empty();
        }
        if (answer.statusCode() >= SERVER_ERROR) {
            throw new NetmakerException(
                    Reason.UNREACHABLE, host.api() + " failed with " + answer.statusCode(), "see the server's log");
        }
        return Optional.of(token(answer)
                .orElseThrow(() -> new NetmakerException(
                        Reason.REFUSED,
                        host.api() + " does not take the credential of " + host + " (" + answer.statusCode() + ")",
                        "delete the host on the server")));
    }

    private static Optional<String> token(HttpResponse<String> answer) {
        try {
            return answer.statusCode() == OK
                            && new JsonObject(answer.body()).getValue("Response") instanceof JsonObject response
                            && response.getValue("AuthToken") instanceof String token
                            && token.chars().allMatch(c -> c > ' ' && c < 0x7f)
                    ? Optional.of(token)
                    : Optional.empty();
        } catch (DecodeException notJson) {
            return Optional.empty();
        }
    }

    private HttpRequest.Builder request(MeshHost host, String path) {
        return HttpRequest.newBuilder(URI.create(scheme + "://" + host.api() + path))
                .timeout(ANSWER_LIMIT);
    }

    private HttpResponse<String> send(MeshHost host, HttpRequest.Builder request)
            throws NetmakerException, InterruptedException {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new NetmakerException(
                    Reason.UNREACHABLE,
                    host.api() + " cannot be reached: " + failure,
                    "see that the server runs and its name resolves on this host");
        }
    }
}
