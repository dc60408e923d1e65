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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a host keeps about the cluster from one run to the next. The file is replaced as a whole, so that it is
 * complete after a crash, and only when more has changed than the time of the last heartbeats. For use by one thread.
 */
final class HostFile {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    /** How often the time of the last heartbeats is worth a write. */
    private static final long WRITE_ANYHOW_NS = TimeUnit.MINUTES.toNanos(10);

    private final Path file;
    private final DueFile due;
    private Content written = new Content(0, Map.of(), Map.of());

    /**
     * The content of the file.
     *
     * @param epoch the last epoch that this host used
     */
    record Content(long epoch, Map<String, HostRow> rows, Map<String, Inbox.Position> positions) {}

    HostFile(DueFile due) {
        this.due = due;
        file = due.path();
    }

    /**
     * Returns the content; nothing, with a log line, if it cannot be read. Then the record of which facts of peers
     * were published already is lost.
     */
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
                                    host.getLong("epoch"),
                                    host.getLong("sequence"),
                                    host.getLong("covered"),
                                    Wire.heights(host.getJsonArray("above"))));
                }
            }
            return new Content(json.getLong("epoch"), rows, positions);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cluster: cannot read {}, making it again: {}", file, e.toString());
            return new Content(0, Map.of(), Map.of());
        }
    }

    /** Saves the content if something has changed, but not twice in some seconds; a failure is logged and retried. */
    void writeIfDue(long epoch, Collection<HostRow> rows, Map<String, Inbox.Position> positions, Executor files) {
        if (!due.isDue()) {
            return;
        }
        Content now = unstamped(epoch, rows, positions);
        if (due.isOwed() || !now.equals(written) || due.isOlderThan(WRITE_ANYHOW_NS)) {
            due.replaceSoon(bytes(epoch, rows, positions), files);
            written = now;
        }
    }

    /** Writes the content now. */
    void write(long epoch, Collection<HostRow> rows, Map<String, Inbox.Position> positions) throws IOException {
        due.replaceNow(bytes(epoch, rows, positions));
        written = unstamped(epoch, rows, positions);
    }

    private static Content unstamped(long epoch, Collection<HostRow> rows, Map<String, Inbox.Position> positions) {
        Map<String, HostRow> unstamped = new TreeMap<>();
        rows.forEach(row -> unstamped.put(
                row.host(),
                new HostRow(row.host(), row.up(), Instant.EPOCH, row.height(), row.version(), row.checkpoint())));
        return new Content(epoch, unstamped, positions);
    }

    private static byte[] bytes(long epoch, Collection<HostRow> rows, Map<String, Inbox.Position> positions) {
        JsonArray hosts = new JsonArray();
        for (HostRow row : rows) {
            JsonObject host = row.json().put("checkpoint", row.checkpoint());
            Inbox.Position position = positions.get(row.host());
            if (position != null) {
                host.put("epoch", position.epoch())
                        .put("sequence", position.sequence())
                        .put("covered", position.height())
                        .put("above", Wire.heights(position.above()));
            }
            hosts.add(host);
        }
        return new JsonObject()
                .put("epoch", epoch)
                .put("hosts", hosts)
                .toBuffer()
                .getBytes();
    }
}
