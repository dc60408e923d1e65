// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient.Answer;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;
import org.opdbus.verticles.enroll.netmaker.token.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a Netmaker server's API that is open to an administrator's access token: enrolment keys, the list of networks,
 * and the hosts that wait for approval. The token is read anew for each call. Every method waits for the server.
 */
public final class AdminApi {
    private static final String KEYS = "/api/v1/enrollment-keys";
    private static final String NETWORKS = "/api/networks";
    private static final String PENDING_HOSTS = "/api/v1/pending_hosts?network=";
    private static final String CREDENTIAL_CONTENT = "an access token of the server's";
    private static final Pattern CREDENTIAL = Pattern.compile("[\\x21-\\x7e]{1,4096}");
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int BAD_GATEWAY = 502;
    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);

    private final URI url;
    private final Path credentialFile;
    private final ApiClient client;

    public AdminApi(URI url, Path credentialFile, ApiClient client) {
        this.url = url;
        this.credentialFile = credentialFile;
        this.client = client;
    }

    /** The host, and perhaps the port, of the server's API. */
    String server() {
        return url.getAuthority();
    }

    /**
     * Makes sure that there is a credential, without asking the server.
     *
     * @throws NetmakerException API_FILE
     */
    void check() throws NetmakerException {
        credential();
    }

    /**
     * Makes sure that the server has these networks: it makes keys for networks that it does not have, too. If it does not
     * let the credential list networks, nothing is known and nothing is refused.
     *
     * @throws NetmakerException UNKNOWN_NETWORK, UNREACHABLE, UNTRUSTED, API_FILE
     */
    public void requireNetworks(Collection<String> wanted) throws NetmakerException, InterruptedException {
        Answer answer = client.send("GET", url, NETWORKS, Optional.of(credential()), Optional.empty());
        requireUp(answer);
        Set<String> there = ServerAnswers.networks(answer).orElse(Set.of());
        if (there.isEmpty()) {
            LOG.debug("server={} does not list its networks: {}", server(), answer.code());
            return;
        }
        Set<String> unknown = new TreeSet<>(wanted);
        unknown.removeAll(there);
        if (!unknown.isEmpty()) {
            throw new NetmakerException(
                    Reason.UNKNOWN_NETWORK,
                    server() + " has no network " + String.join(", ", unknown) + "; it has " + String.join(", ", there),
                    "correct netmaker.api.networks, or create the network on the server");
        }
    }

    /**
     * Makes an enrolment key; what the server answered.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE, REFUSED
     */
    Answer makeKey(JsonObject wanted) throws NetmakerException, InterruptedException {
        return send("POST", KEYS, Optional.of(wanted));
    }

    /**
     * The enrolment keys, as the server lists them.
     *
     * @throws NetmakerException as {@link #makeKey}
     */
    JsonArray keys() throws NetmakerException, InterruptedException {
        return send("GET", KEYS, Optional.empty()).list().orElseThrow(() -> refused("did not list its enrolment keys"));
    }

    /**
     * Deletes an enrolment key; a key that is gone already is fine.
     *
     * @throws NetmakerException as {@link #makeKey}
     */
    void deleteKey(String value) throws NetmakerException, InterruptedException {
        Answer answer = client.send("DELETE", url, KEYS + "/" + value, Optional.of(credential()), Optional.empty());
        requireTaken(answer);
        // An older server answers 500 for a key that is gone, without saying so; the list of keys shows it.
        if (!answer.isOk() && !ServerAnswers.isUnknown(answer) && isListed(value)) {
            throw refused("answered " + answer.code() + " to DELETE " + KEYS);
        }
    }

    private boolean isListed(String value) throws NetmakerException, InterruptedException {
        return keys().stream().anyMatch(one -> one instanceof JsonObject key && value.equals(key.getValue("value")));
    }

    /**
     * Whether an administrator has to approve this host before it gets a node; false if the server has no approval, or
     * does not let the credential ask.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE
     */
    boolean isPending(String hostId, Collection<String> networks) throws NetmakerException, InterruptedException {
        for (String network : networks) {
            Answer answer =
                    client.send("GET", url, PENDING_HOSTS + network, Optional.of(credential()), Optional.empty());
            requireUp(answer);
            // What it says of the host holds its key, too: nothing of it goes any further.
            if (answer.isOk()
                    && answer.object().map(json -> json.getValue("Response")).orElse("") instanceof JsonArray pending
                    && pending.stream()
                            .anyMatch(
                                    one -> one instanceof JsonObject host && hostId.equals(host.getValue("host_id")))) {
                return true;
            }
        }
        return false;
    }

    private Answer send(String method, String path, Optional<JsonObject> body)
            throws NetmakerException, InterruptedException {
        Answer answer = client.send(method, url, path, Optional.of(credential()), body);
        requireTaken(answer);
        // A server says 500, too, of things that it does not know; time cannot help there.
        if (!answer.isOk()) {
            String message = ServerAnswers.message(answer).replaceAll("\\p{Cntrl}", " ");
            throw refused("answered " + answer.code() + (message.isEmpty() ? "" : " (" + message + ")") + " to "
                    + method + " " + path);
        }
        return answer;
    }

    private void requireTaken(Answer answer) throws NetmakerException {
        if (answer.code() == UNAUTHORIZED || answer.code() == FORBIDDEN) {
            throw new NetmakerException(
                    Reason.REFUSED,
                    server() + " does not take the credential in " + credentialFile + " (" + answer.code() + ")",
                    "put an access token that may manage enrolment keys into it");
        }
        requireUp(answer);
    }

    private void requireUp(Answer answer) throws NetmakerException {
        if (answer.code() >= BAD_GATEWAY) {
            throw new NetmakerException(
                    Reason.UNREACHABLE, server() + " failed with " + answer.code(), "see the server's log");
        }
    }

    private NetmakerException refused(String what) {
        return new NetmakerException(
                Reason.REFUSED, server() + " " + what, "see the server's log, and netmaker.api in op-dbus.json");
    }

    private String credential() throws NetmakerException {
        String text = PrivateFile.read(credentialFile, CREDENTIAL_CONTENT, Reason.API_FILE)
                .strip();
        if (!CREDENTIAL.matcher(text).matches()) {
            throw new NetmakerException(
                    Reason.API_FILE,
                    credentialFile + " holds no credential in one word",
                    "write " + CREDENTIAL_CONTENT + " into it, and nothing else");
        }
        return text;
    }
}
