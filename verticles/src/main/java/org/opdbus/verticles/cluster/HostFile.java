// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.opdbus.verticles.files.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is remembered of the cluster from one run to the next; replaced as a whole, so that a crash leaves it whole. */
final class HostFile {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final Path file;

    /**
     * What it holds.
     *
     * @param epoch the last that this host used
     */
    record Content(long epoch, Map<String, HostRow> rows, Map<String, Inbox.Position> positions) {}

    HostFile(Path file) {
        this.file = file;
    }

    /** What it holds; nothing if it cannot be read, which costs what was told of the others' past, and is said. */
    Content read() {
        Map<String, HostRow> rows = new TreeMap<>();
        Map<String, Inbox.Position> positions = new TreeMap<>();
        try {
            if (!Files.exists(file)) {
                return new Content(0, rows, positions);
            }
            JsonObject json = Buffer.buffer(Files.readAllBytes(file)).toJsonObject();
            for (Object each : json.getJsonArray("hosts")) {
                JsonObject host = (JsonObject) each;
                String name = host.getString("host");
                rows.put(
                        name,
                        new HostRow(
                                name,
                                false,
                                Instant.parse(host.getString("last_seen")),
                                host.getLong("ledger_height"),
                                host.getString("version"),
                                host.getString("checkpoint")));
                if (host.containsKey("epoch")) {
                    positions.put(
                            name,
                            new Inbox.Position(
                                    host.getLong("epoch"), host.getLong("sequence"), host.getLong("covered")));
                }
            }
            return new Content(json.getLong("epoch"), rows, positions);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cluster: {} cannot be read and is made anew: {}", file, e.toString());
            return new Content(0, Map.of(), Map.of());
        }
    }

    void write(long epoch, Collection<HostRow> rows, Map<String, Inbox.Position> positions) throws IOException {
        JsonArray hosts = new JsonArray();
        for (HostRow row : rows) {
            JsonObject host = row.json().put("checkpoint", row.checkpoint());
            Inbox.Position position = positions.get(row.host());
            if (position != null) {
                host.put("epoch", position.epoch())
                        .put("sequence", position.sequence())
                        .put("covered", position.height());
            }
            hosts.add(host);
        }
        JsonObject json = new JsonObject().put("epoch", epoch).put("hosts", hosts);
        AtomicFile.replace(file, json.toBuffer().getBytes());
    }
}
