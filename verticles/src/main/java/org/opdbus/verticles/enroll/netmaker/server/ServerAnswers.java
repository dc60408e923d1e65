// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient.Answer;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Deleted;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Healthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Unhealthy;

/**
 * What the code and the body of a server's answer mean, for servers up to 1.5.0 and from 1.5.1. Pure: it asks nothing.
 *
 * <p>A server reports an error as {@code {"Code","Message","Response"}}. An answer that has another form comes from a proxy
 * in front of the server, so it never counts as the server's word that something does not exist.
 */
public final class ServerAnswers {
    /** A node that has not checked in for this long is offline to its server; a node checks in every two minutes. */
    static final Duration CHECK_IN_MAX = Duration.ofMinutes(10);

    private static final int KEY_BYTES = 32;
    private static final Set<String> UNKNOWN =
            Set.of("record not found", "no result found", "host not found", "no enrollmentkey found");
    private static final String OTHER_NETWORK = "network url param does not match node network";

    private ServerAnswers() {}

    /** The server's own words for an error; empty if the answer is not the server's own. */
    static String message(Answer answer) {
        return answer.object().map(json -> json.getValue("Message")).orElse("") instanceof String text ? text : "";
    }

    /** Whether the server says that it has no such host, node or key. */
    static boolean isUnknown(Answer answer) {
        return !answer.isOk() && UNKNOWN.contains(message(answer));
    }

    /** The token that a host gets when it authenticates; empty if the answer holds none. */
    static Optional<String> pass(Answer answer) {
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

    /** What the server says of a node; empty if the answer does not say it. */
    static Optional<HostStatus> node(Answer answer, String network) {
        if (isUnknown(answer)) {
            return Optional.of(new Deleted("its node in " + network + " was deleted on its server"));
        }
        if (message(answer).equals(OTHER_NETWORK)) {
            return Optional.of(new Unhealthy("its server has its node in another network than " + network, Set.of()));
        }
        if (!answer.isOk()
                || !(answer.object().map(json -> json.getValue("node")).orElse("") instanceof JsonObject node)) {
            return Optional.empty();
        }
        Set<String> peers = peers(answer.object().orElseThrow());
        return Optional.of(complaint(node)
                .<HostStatus>map(complaint -> new Unhealthy(complaint, peers))
                .orElse(new Healthy(peers)));
    }

    /** The ids of the nodes that the server has given to a host; empty if the answer does not say it. */
    static Optional<List<String>> nodesOfHost(Answer answer) {
        if (!answer.isOk()) {
            return Optional.empty();
        }
        return answer.object().filter(json -> json.containsKey("nodes")).map(json -> {
            List<String> ids = new ArrayList<>();
            if (json.getValue("nodes") instanceof JsonArray nodes) {
                for (Object one : nodes) {
                    if (one instanceof JsonObject node && node.getValue("id") instanceof String id) {
                        ids.add(id);
                    }
                }
            }
            return List.copyOf(ids);
        });
    }

    /** The names of the networks that the server has; empty if the answer does not say it. */
    static Optional<Set<String>> networks(Answer answer) {
        if (!answer.isOk()) {
            return Optional.empty();
        }
        return answer.list().map(all -> {
            Set<String> names = new TreeSet<>();
            for (Object one : all) {
                if (one instanceof JsonObject network && network.getValue("netid") instanceof String name) {
                    names.add(name);
                }
            }
            return names;
        });
    }

    /** The public keys of the peers that the server names to a node, as WireGuard prints them. */
    private static Set<String> peers(JsonObject json) {
        Set<String> keys = new TreeSet<>();
        if (json.getValue("peers") instanceof JsonArray peers) {
            for (Object one : peers) {
                if (one instanceof JsonObject peer && peer.getValue("PublicKey") instanceof JsonArray bytes) {
                    key(bytes).ifPresent(keys::add);
                }
            }
        }
        return keys;
    }

    private static Optional<String> key(JsonArray numbers) {
        if (numbers.size() != KEY_BYTES) {
            return Optional.empty();
        }
        byte[] bytes = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            if (!(numbers.getValue(i) instanceof Number number)) {
                return Optional.empty();
            }
            bytes[i] = number.byteValue();
        }
        return Optional.of(Base64.getEncoder().encodeToString(bytes));
    }

    private static Optional<String> complaint(JsonObject node) {
        if (Boolean.TRUE.equals(node.getValue("pendingdelete"))) {
            return Optional.of("the server is about to delete its node");
        }
        if (Boolean.FALSE.equals(node.getValue("connected"))) {
            return Optional.of("the server has disconnected its node");
        }
        try {
            // A node that has not checked in yet did so in the year 1.
            return node.getValue("lastcheckin") instanceof String at
                            && Instant.parse(at).isAfter(Instant.EPOCH)
                            && Instant.parse(at).plus(CHECK_IN_MAX).isBefore(Instant.now())
                    ? Optional.of("it has not checked in with its server for " + CHECK_IN_MAX.toMinutes() + " minutes")
                    : Optional.empty();
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }
}
