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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.cluster.entries.EntryPuller;
import org.opdbus.verticles.cluster.limits.DueFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a host keeps about the cluster from one run to the next. The file is replaced as a whole, so that it is
 * complete after a crash, and only when more has changed than the time of the last heartbeats. For use by one thread.
 */
final class PeersFile {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    /** How often the time of the last heartbeats is worth a write. */
    private static final long WRITE_ANYHOW_NS = TimeUnit.MINUTES.toNanos(10);

    private final Path file;
    private final DueFile due;
    private Content written = new Content(0, Map.of(), Map.of());

    /**
     * The content of the file.
     *
     * @param run the last run of this host
     */
    record Content(long run, Map<String, HostRow> rows, Map<String, EntryPuller.Position> positions) {}

    PeersFile(DueFile due) {
        this.due = due;
        file = due.path();
    }

    /**
     * Returns the content; nothing, with a log line, if it cannot be read. Then each peer counts as met for the first
     * time.
     */
    Content read() {
        Map<String, HostRow> rows = new TreeMap<>();
        Map<String, EntryPuller.Position> positions = new TreeMap<>();
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
                if (host.containsKey("height")) {
                    positions.put(
                            name,
                            new EntryPuller.Position(
                                    host.getLong("run"), host.getLong("height"), host.getString("hash")));
                }
            }
            return new Content(json.getLong("run"), rows, positions);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cluster: cannot read {}, making it again: {}", file, e.toString());
            return new Content(0, Map.of(), Map.of());
        }
    }

    /** Saves the content if something has changed, but not twice in some seconds; a failure is logged and retried. */
    void writeIfDue(long run, Collection<HostRow> rows, Map<String, EntryPuller.Position> positions, Executor files) {
        if (!due.isDue()) {
            return;
        }
        Content now = unstamped(run, rows, positions);
        if (due.isOwed() || !now.equals(written) || due.isOlderThan(WRITE_ANYHOW_NS)) {
            due.replaceSoon(bytes(run, rows, positions), files);
            written = now;
        }
    }

    /** Writes the content now. */
    void write(long run, Collection<HostRow> rows, Map<String, EntryPuller.Position> positions) throws IOException {
        due.replaceNow(bytes(run, rows, positions));
        written = unstamped(run, rows, positions);
    }

    private static Content unstamped(long run, Collection<HostRow> rows, Map<String, EntryPuller.Position> positions) {
        Map<String, HostRow> unstamped = new TreeMap<>();
        rows.forEach(row -> unstamped.put(
                row.host(),
                new HostRow(row.host(), row.up(), Instant.EPOCH, row.height(), row.version(), row.checkpoint())));
        return new Content(run, unstamped, positions);
    }

    private static byte[] bytes(long run, Collection<HostRow> rows, Map<String, EntryPuller.Position> positions) {
        JsonArray hosts = new JsonArray();
        for (HostRow row : rows) {
            JsonObject host = row.json().put("checkpoint", row.checkpoint());
            EntryPuller.Position position = positions.get(row.host());
            if (position != null) {
                host.put("run", position.run()).put("height", position.height()).put("hash", position.hash());
            }
            hosts.add(host);
        }
        return new JsonObject().put("run", run).put("hosts", hosts).toBuffer().getBytes();
    }
}
