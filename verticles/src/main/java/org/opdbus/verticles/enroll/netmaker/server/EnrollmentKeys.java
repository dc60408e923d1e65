// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.hosts.HostRecords;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient.Answer;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes enrolment keys of a single use, one for each join, and deletes them after it, however it ended.
 *
 * <p>The name of a key is written down before the key is made, so that a key that an agent leaves behind when it is killed
 * is found on the server by its name and deleted by the next agent. The key itself is never written down. Every method
 * waits for the server.
 */
public final class EnrollmentKeys {
    private static final Pattern KEY_VALUE = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final int ID_SHOWN_MAX = 12;
    private static final Logger LOG = LoggerFactory.getLogger(EnrollmentKeys.class);

    private final KeyOptions options;
    private final AdminApi api;
    private final HostRecords records;
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();

    public EnrollmentKeys(KeyOptions options, ApiClient client, HostRecords records) {
        this.options = options;
        this.api = new AdminApi(options.url(), options.credentialFile(), client);
        this.records = records;
    }

    /** A key that was made for one join. */
    public record EnrollmentKey(String name, EnrollmentToken token) {}

    /** The host, and perhaps the port, of the server's API. */
    public String server() {
        return api.server();
    }

    /**
     * Makes sure that keys could be made, without asking the server.
     *
     * @throws NetmakerException API_FILE
     */
    public void check() throws NetmakerException {
        api.check();
        if (options.networks().isEmpty()) {
            throw new NetmakerException(
                    Reason.API_FILE,
                    "keys cannot be made: netmaker.api.networks names no network",
                    "name the networks that containers are to join there");
        }
    }

    /** Logs at the start what would keep every container from joining with a key that is created for it. */
    public Disposable reportNetworks(Scheduler waiting) {
        return Completable.fromAction(this::checkNetworks)
                .subscribeOn(waiting)
                .subscribe(
                        () -> LOG.debug("netmaker.api={} has the networks that keys lead into", server()),
                        failure -> LOG.warn(
                                "netmaker.api={} no key can be created: {}{}",
                                server(),
                                failure.getMessage(),
                                failure instanceof NetmakerException known
                                                && !known.remedy().isEmpty()
                                        ? "; " + known.remedy()
                                        : ""));
    }

    /**
     * Makes sure that keys could be made and that the server has their networks.
     *
     * @throws NetmakerException UNKNOWN_NETWORK, UNREACHABLE, UNTRUSTED, API_FILE
     */
    public void checkNetworks() throws NetmakerException, InterruptedException {
        check();
        api.requireNetworks(options.networks());
    }

    /**
     * Makes a key; the caller gives it to {@link #delete} in the end.
     *
     * @throws NetmakerException UNKNOWN_NETWORK, UNREACHABLE, UNTRUSTED, API_FILE, REFUSED, RECORDS
     */
    public EnrollmentKey create(ContainerId container) throws NetmakerException, InterruptedException {
        // The server would make a key for a network that it does not have, and no node would ever come of it.
        checkNetworks();
        // If the last one could not be deleted, or perhaps made, there is not to be another: they would pile up.
        clean();
        String name = name(container);
        inUse.add(name);
        records.noteKey(name);
        try {
            Answer answer = api.makeKey(wanted(name));
            JsonObject made = answer.object().orElseGet(JsonObject::new);
            String token = made.getValue("token") instanceof String text ? text : "";
            EnrollmentKey key =
                    new EnrollmentKey(name, EnrollmentToken.of("the key that " + server() + " made", token));
            requireNetworksOf(made, key);
            return key;
        } catch (NetmakerException | InterruptedException | RuntimeException failure) {
            inUse.remove(name);
            throw failure;
        }
    }

    private JsonObject wanted(String name) {
        return new JsonObject()
                .put("tags", new JsonArray().add(name))
                .put("networks", new JsonArray(new ArrayList<>(options.networks())))
                .put("uses_remaining", 1)
                .put("expiration", 0)
                .put("unlimited", false)
                .put("relay", "")
                .put("groups", new JsonArray())
                .put("auto_egress", false)
                .put("auto_assign_gw", false);
    }

    /** A key that leads elsewhere is deleted again at once. */
    private void requireNetworksOf(JsonObject made, EnrollmentKey key) throws NetmakerException, InterruptedException {
        Set<Object> networks = new HashSet<>();
        if (made.getValue("networks") instanceof JsonArray list) {
            list.forEach(networks::add);
        }
        if (!networks.equals(Set.copyOf(options.networks()))) {
            delete(key);
            throw new NetmakerException(
                    Reason.UNKNOWN_NETWORK,
                    server() + " made a key that does not lead into " + String.join(", ", options.networks()),
                    "correct netmaker.api.networks, or see the server's log");
        }
    }

    /** A key's name has 3 to 32 characters and is unique on its server. */
    private static String name(ContainerId container) {
        String id = container.value().replaceAll("[^A-Za-z0-9]", "-");
        return "op-dbus-" + id.substring(0, Math.min(ID_SHOWN_MAX, id.length())) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /**
     * Deletes a key.
     *
     * @throws NetmakerException as {@link #create}; then {@link #clean} is to be called later
     */
    public void delete(EnrollmentKey key) throws NetmakerException, InterruptedException {
        inUse.remove(key.name());
        api.deleteKey(key.token().value());
        records.forgetKey(key.name());
    }

    /**
     * Deletes the keys that are left from joins that have ended.
     *
     * @throws NetmakerException as {@link #create}
     */
    public void clean() throws NetmakerException, InterruptedException {
        List<String> left =
                records.keys().stream().filter(name -> !inUse.contains(name)).toList();
        if (left.isEmpty()) {
            return;
        }
        JsonArray keys = api.keys();
        for (String name : left) {
            for (Object one : keys) {
                if (one instanceof JsonObject key
                        && key.getValue("tags") instanceof JsonArray tags
                        && tags.contains(name)
                        && key.getValue("value") instanceof String value
                        && KEY_VALUE.matcher(value).matches()) {
                    api.deleteKey(value);
                }
            }
            records.forgetKey(name);
        }
    }

    /**
     * Whether an administrator has to approve this host before it gets a node; false if the server has no approval.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE
     */
    public boolean isPending(String hostId) throws NetmakerException, InterruptedException {
        return api.isPending(hostId, options.networks());
    }
}
