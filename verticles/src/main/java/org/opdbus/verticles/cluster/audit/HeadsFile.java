// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.opdbus.events.ClusterEvent.Contradiction;
import org.opdbus.verticles.cluster.limits.DueFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that keeps the peers' heads, and the evidence of contradictions, when the agent ends. The data is public,
 * and the file is replaced as a whole. A file that cannot be read is set aside and never overwritten, because it may
 * be the only evidence.
 */
final class HeadsFile {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final Path file;
    private final DueFile due;
    private Map<String, Head.Known> written = Map.of();

    HeadsFile(DueFile due) {
        this.due = due;
        file = due.path();
    }

    /** Returns the content of the file, checked with {@code self}'s view. */
    Heads read(String self) throws IOException {
        if (!Files.exists(file)) {
            return new Heads(self, Map.of());
        }
        try {
            Map<String, Head.Known> known = new TreeMap<>();
            JsonObject json = Buffer.buffer(Files.readAllBytes(file)).toJsonObject();
            for (Object each : json.getJsonArray("hosts")) {
                JsonObject host = (JsonObject) each;
                known.put(host.getString("host"), known(host));
            }
            Heads heads = new Heads(self, known);
            written = heads.known();
            return heads;
        } catch (IOException | RuntimeException e) {
            return setAside(self, e);
        }
    }

    private Heads setAside(String self, Exception why) throws IOException {
        Path aside = file.resolveSibling(
                file.getFileName() + ".unreadable-" + Instant.now().toEpochMilli());
        Files.move(file, aside);
        LOG.warn("cluster: {} cannot be read and is now {}: {}; a new file is begun", file, aside, why.toString());
        return new Heads(self, Map.of());
    }

    private static Head.Known known(JsonObject host) {
        List<Head.Fork> forks = new ArrayList<>();
        for (Object each : host.getJsonArray("forks")) {
            JsonObject fork = (JsonObject) each;
            forks.add(new Head.Fork(
                    Contradiction.valueOf(fork.getString("reason")), fork.getString("older"), fork.getString("newer")));
        }
        return new Head.Known(
                host.getString("key"),
                host.getLong("epoch"),
                host.getLong("beat"),
                host.getString("good"),
                host.getString("latest"),
                forks,
                strings(host.getJsonArray("owed", new JsonArray())));
    }

    private static List<String> strings(JsonArray array) {
        return array.stream().map(String.class::cast).toList();
    }

    /** Saves the heads if something has changed since, but not twice in some seconds. */
    void writeIfDue(Heads heads, Executor files) {
        if (due.isDue()) {
            writeSoon(heads, files);
        }
    }

    /**
     * Saves the heads unless the file holds them already; a heartbeat with the same content is no change. A failure
     * is retried the next time.
     */
    void writeSoon(Heads heads, Executor files) {
        Map<String, Head.Known> known = heads.known();
        if (!due.isOwed() && unstamped(known).equals(unstamped(written))) {
            return;
        }
        due.replaceSoon(bytes(known), files);
        written = known;
    }

    /** Writes the heads now. */
    void write(Heads heads) throws IOException {
        Map<String, Head.Known> known = heads.known();
        due.replaceNow(bytes(known));
        written = known;
    }

    private static byte[] bytes(Map<String, Head.Known> known) {
        JsonArray hosts = new JsonArray();
        known.forEach((host, head) -> hosts.add(json(host, head)));
        return new JsonObject().put("hosts", hosts).toBuffer().getBytes();
    }

    private static Map<String, Head.Known> unstamped(Map<String, Head.Known> known) {
        Map<String, Head.Known> unstamped = new TreeMap<>();
        known.forEach((host, head) -> unstamped.put(host, head.atBeat(0)));
        return unstamped;
    }

    private static JsonObject json(String host, Head.Known head) {
        JsonArray forks = new JsonArray();
        for (Head.Fork fork : head.forks()) {
            forks.add(new JsonObject()
                    .put("reason", fork.reason().name())
                    .put("older", fork.older())
                    .put("newer", fork.newer()));
        }
        return new JsonObject()
                .put("host", host)
                .put("key", head.key())
                .put("epoch", head.epoch())
                .put("beat", head.beat())
                .put("good", head.good())
                .put("latest", head.latest())
                .put("forks", forks)
                .put("owed", new JsonArray(head.owed()));
    }
}
