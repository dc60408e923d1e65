// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.netmaker.ApiClient.Answer;
import org.opdbus.verticles.netmaker.NetmakerException.Reason;
import org.opdbus.verticles.netmaker.NetmakerOptions.Minting;

/**
 * Makes enrolment keys of a single use, one for each join, and deletes them after it, however it ended; and asks, with the
 * same credential, who waits for approval.
 *
 * <p>The name of a key is written down before the key is made, so that one that an agent leaves behind when it is killed is
 * found on the server by its name and deleted by the next. The key itself is never written down. Every method waits for
 * the server.
 */
final class KeyMint {
    private static final String KEYS = "/api/v1/enrollment-keys";
    private static final String PENDING_HOSTS = "/api/v1/pending_hosts?network=";
    private static final String CREDENTIAL_CONTENT = "an access token of the server's";
    private static final Pattern CREDENTIAL = Pattern.compile("[\\x21-\\x7e]{1,4096}");
    private static final Pattern KEY_VALUE = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final int ID_SHOWN_MAX = 12;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int BAD_GATEWAY = 502;

    private final Minting minting;
    private final ApiClient client;
    private final MeshRecords records;
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();

    KeyMint(Minting minting, ApiClient client, MeshRecords records) {
        this.minting = minting;
        this.client = client;
        this.records = records;
    }

    /** A key that was made for one join. */
    record MintedKey(String name, EnrollmentToken token) {}

    /** The host, and perhaps the port, of the server's API. */
    String server() {
        return minting.url().getAuthority();
    }

    /**
     * Makes sure that keys could be made, without asking the server.
     *
     * @throws NetmakerException API_FILE
     */
    void check() throws NetmakerException {
        credential();
        if (minting.networks().isEmpty()) {
            throw new NetmakerException(
                    Reason.API_FILE,
                    "keys cannot be made: netmaker.api.networks names no network",
                    "name the networks that containers are to join there");
        }
    }

    /**
     * Makes a key; whoever asks gives it to {@link #discard} in the end.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE, REFUSED, RECORDS
     */
    MintedKey mint(ContainerId container) throws NetmakerException, InterruptedException {
        check();
        // If the last one could not be deleted, or perhaps made, there is not to be another: they would pile up.
        clean();
        String name = name(container);
        inUse.add(name);
        records.noteKey(name);
        JsonObject wanted = new JsonObject()
                .put("tags", new JsonArray().add(name))
                .put("networks", new JsonArray(new ArrayList<>(minting.networks())))
                .put("uses_remaining", 1)
                .put("expiration", 0)
                .put("unlimited", false)
                .put("relay", "")
                .put("groups", new JsonArray())
                .put("auto_egress", false)
                .put("auto_assign_gw", false);
        try {
            Answer answer = send("POST", KEYS, Optional.of(wanted));
            String token = answer.object()
                    .map(json -> json.getValue("token"))
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .orElse("");
            return new MintedKey(name, EnrollmentToken.of("the key that " + server() + " made", token));
        } catch (NetmakerException | InterruptedException | RuntimeException failure) {
            inUse.remove(name);
            throw failure;
        }
    }

    private static String name(ContainerId container) {
        String id = container.value().replaceAll("[^A-Za-z0-9]", "-");
        return "op-dbus-" + id.substring(0, Math.min(ID_SHOWN_MAX, id.length())) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /**
     * Deletes a key.
     *
     * @throws NetmakerException as {@link #mint}; then {@link #clean} is to be called later
     */
    void discard(MintedKey key) throws NetmakerException, InterruptedException {
        inUse.remove(key.name());
        delete(key.token().value());
        records.forgetKey(key.name());
    }

    /**
     * Deletes the keys that are left from joins that have ended.
     *
     * @throws NetmakerException as {@link #mint}
     */
    void clean() throws NetmakerException, InterruptedException {
        List<String> left =
                records.keys().stream().filter(name -> !inUse.contains(name)).toList();
        if (left.isEmpty()) {
            return;
        }
        JsonArray keys = send("GET", KEYS, Optional.empty())
                .list()
                .orElseThrow(() -> refused("did not list its enrolment keys"));
        for (String name : left) {
            for (Object one : keys) {
                if (one instanceof JsonObject key
                        && key.getValue("tags") instanceof JsonArray tags
                        && tags.contains(name)
                        && key.getValue("value") instanceof String value
                        && KEY_VALUE.matcher(value).matches()) {
                    delete(value);
                }
            }
            records.forgetKey(name);
        }
    }

    /**
     * Whether somebody has to approve this host before it gets a node; false if the server knows no such custom.
     *
     * @throws NetmakerException as {@link #mint}
     */
    boolean isPending(String hostId) throws NetmakerException, InterruptedException {
        for (String network : minting.networks()) {
            Answer answer = send("GET", PENDING_HOSTS + network, Optional.empty());
            // What it says of the host holds its key, too: nothing of it goes any further.
            if (answer.object().map(json -> json.getValue("Response")).orElse("") instanceof JsonArray pending
                    && pending.stream()
                            .anyMatch(
                                    one -> one instanceof JsonObject host && hostId.equals(host.getValue("host_id")))) {
                return true;
            }
        }
        return false;
    }

    private void delete(String value) throws NetmakerException, InterruptedException {
        try {
            send("DELETE", KEYS + "/" + value, Optional.empty());
        } catch (NetmakerException failure) {
            // Of a key that is gone the server says that it cannot be deleted: then nothing is left to do.
            if (failure.reason() != Reason.REFUSED || isListed(value)) {
                throw failure;
            }
        }
    }

    private boolean isListed(String value) throws NetmakerException, InterruptedException {
        return send("GET", KEYS, Optional.empty())
                .list()
                .orElseThrow(() -> refused("did not list its enrolment keys"))
                .stream()
                .anyMatch(one -> one instanceof JsonObject key && value.equals(key.getValue("value")));
    }

    private Answer send(String method, String path, Optional<JsonObject> body)
            throws NetmakerException, InterruptedException {
        Answer answer = client.send(method, minting.url(), path, Optional.of(credential()), body);
        if (answer.code() == UNAUTHORIZED || answer.code() == FORBIDDEN) {
            throw new NetmakerException(
                    Reason.REFUSED,
                    server() + " does not take the credential in " + minting.credentialFile() + " (" + answer.code()
                            + ")",
                    "put an access token that may manage enrolment keys into it");
        }
        if (answer.code() >= BAD_GATEWAY) {
            throw new NetmakerException(
                    Reason.UNREACHABLE, server() + " failed with " + answer.code(), "see the server's log");
        }
        // A server says 500, too, of a key or a network that it does not know; time cannot help there.
        if (!answer.isOk()) {
            throw refused(
                    "answered " + answer.code() + " to " + method + " " + path.replaceFirst("^(" + KEYS + ").*", "$1"));
        }
        return answer;
    }

    private NetmakerException refused(String what) {
        return new NetmakerException(
                Reason.REFUSED, server() + " " + what, "see the server's log, and netmaker.api in op-dbus.json");
    }

    private String credential() throws NetmakerException {
        String text = PrivateFile.read(minting.credentialFile(), CREDENTIAL_CONTENT, Reason.API_FILE)
                .strip();
        if (!CREDENTIAL.matcher(text).matches()) {
            throw new NetmakerException(
                    Reason.API_FILE,
                    minting.credentialFile() + " holds no credential in one word",
                    "write " + CREDENTIAL_CONTENT + " into it, and nothing else");
        }
        return text;
    }
}
