// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.opdbus.verticles.netmaker.ApiClient.Answer;
import org.opdbus.verticles.netmaker.NetmakerException.Reason;

/**
 * The part of a Netmaker server's API that is open to a host with its own credential: it works with every version of the
 * server, and nobody's administrator rights are needed. Every method waits for the server.
 */
final class ServerApi {
    /** A node that has not checked in for this long is offline to its server; it does every two minutes. */
    static final Duration CHECK_IN_MAX = Duration.ofMinutes(10);

    private static final int BAD_REQUEST = 400;

    private final ApiClient client;

    ServerApi(ApiClient client) {
        this.client = client;
    }

    /**
     * Removes a host with all its nodes, and makes sure that it is gone. One that is gone already is fine.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE, REFUSED
     */
    void remove(MeshHost host) throws NetmakerException, InterruptedException {
        Optional<String> pass = authenticate(host);
        if (pass.isEmpty()) {
            return;
        }
        Answer answer = client.send(
                "DELETE", base(host), "/api/hosts/" + host.hostId() + "?force=true", pass, Optional.empty());
        // A server says 500 of a host that is gone; whether it is, only the next question tells.
        if (!answer.isOk() && answer.code() < ApiClient.SERVER_ERROR) {
            throw new NetmakerException(
                    Reason.REFUSED,
                    host + " was not removed: the server answered " + answer.code(),
                    "delete the host on the server");
        }
        if (authenticate(host).isPresent()) {
            throw new NetmakerException(
                    Reason.UNREACHABLE, host + " is still there after it was removed", "delete the host on the server");
        }
    }

    /**
     * What is wrong with a host's node in its server's eyes; empty if nothing is.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE, REFUSED
     */
    Optional<String> complaint(MeshHost host, MeshNode node) throws NetmakerException, InterruptedException {
        Optional<String> pass = authenticate(host);
        if (pass.isEmpty()) {
            return Optional.of("the server knows no such host");
        }
        Answer answer = client.send(
                "GET", base(host), "/api/nodes/" + node.network() + "/" + node.nodeId(), pass, Optional.empty());
        if (answer.code() >= ApiClient.SERVER_ERROR) {
            // So the server answers if it has no such node.
            return Optional.of("the server shows no node of it in " + node.network());
        }
        if (!answer.isOk()
                || !(answer.object().map(json -> json.getValue("node")).orElse("") instanceof JsonObject seen)) {
            throw new NetmakerException(
                    Reason.REFUSED, host.api() + " does not show the node of " + host + " (" + answer.code() + ")", "");
        }
        return complaint(seen);
    }

    private static Optional<String> complaint(JsonObject node) {
        if (Boolean.TRUE.equals(node.getValue("pendingdelete"))) {
            return Optional.of("the server is about to delete its node");
        }
        if (Boolean.FALSE.equals(node.getValue("connected"))) {
            return Optional.of("the server has disconnected its node");
        }
        try {
            // One that has not checked in yet did so in the year 1.
            return node.getValue("lastcheckin") instanceof String at
                            && Instant.parse(at).isAfter(Instant.EPOCH)
                            && Instant.parse(at).plus(CHECK_IN_MAX).isBefore(Instant.now())
                    ? Optional.of("it has not checked in with its server for " + CHECK_IN_MAX.toMinutes() + " minutes")
                    : Optional.empty();
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }

    /** A token for the host's own affairs; empty if the server knows no such host. */
    private Optional<String> authenticate(MeshHost host) throws NetmakerException, InterruptedException {
        JsonObject credential = new JsonObject()
                .put("macaddress", host.mac())
                .put("id", host.hostId())
                .put("password", host.password());
        Answer answer = client.send(
                "POST", base(host), "/api/hosts/adm/authenticate", Optional.empty(), Optional.of(credential));
        if (answer.code() == BAD_REQUEST) {
            return Optional.empty();
        }
        if (answer.code() >= ApiClient.SERVER_ERROR) {
            throw new NetmakerException(
                    Reason.UNREACHABLE, host.api() + " failed with " + answer.code(), "see the server's log");
        }
        return Optional.of(token(answer)
                .orElseThrow(() -> new NetmakerException(
                        Reason.REFUSED,
                        host.api() + " does not take the credential of " + host + " (" + answer.code() + ")",
                        "delete the host on the server")));
    }

    private static Optional<String> token(Answer answer) {
        return answer.isOk()
                        && answer.object()
                                        .map(json -> json.getValue("Response"))
                                        .orElse("")
                                instanceof JsonObject response
                        && response.getValue("AuthToken") instanceof String token
                        && token.chars().allMatch(c -> c > ' ' && c < 0x7f)
                ? Optional.of(token)
                : Optional.empty();
    }

    private static URI base(MeshHost host) {
        return URI.create("https://" + host.api());
    }
}
