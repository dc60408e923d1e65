// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.containers;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.opdbus.verticles.files.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the last known containers of peers from one run to the next; the file is replaced as a whole. */
public final class ContainersFile {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    /** Twice what is held in memory, because names and escapes take space too. */
    private static final long BYTES_MAX = 2L * HostContainers.ALL_CHARACTERS_MAX;

    private final Path file;

    public ContainersFile(Path file) {
        this.file = file;
    }

    /**
     * Returns the content of the file; nothing, with a log line, if it cannot be read, because peers that are up are
     * asked anyway.
     */
    public Map<String, HostContainers.Table> read() {
        Map<String, HostContainers.Table> tables = new TreeMap<>();
        try {
            if (!Files.exists(file)) {
                return tables;
            }
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException("it is over " + BYTES_MAX + " bytes long");
            }
            JsonArray hosts =
                    Buffer.buffer(Files.readAllBytes(file)).toJsonObject().getJsonArray("hosts");
            for (JsonObject host : (Iterable<JsonObject>) hosts.stream().map(JsonObject.class::cast)::iterator) {
                List<String> rows = host.getJsonArray("containers").stream()
                        .map(JsonObject.class::cast)
                        .map(JsonObject::encode)
                        .toList();
                tables.put(host.getString("host"), new HostContainers.Table(rows, host.getLong("left_out")));
            }
            return tables;
        } catch (IOException | RuntimeException e) {
            LOG.warn("cluster: cannot read {}, making it again: {}", file, e.toString());
            return Map.of();
        }
    }

    public synchronized void write(Map<String, HostContainers.Table> tables) throws IOException {
        // The rows are JSON text already; as a tree they would take many times the memory.
        String hosts = tables.entrySet().stream()
                .map(table -> "{\"host\":%s,\"left_out\":%d,\"containers\":[%s]}"
                        .formatted(
                                quoted(table.getKey()),
                                table.getValue().leftOut(),
                                String.join(",", table.getValue().rows())))
                .collect(Collectors.joining(",\n"));
        AtomicFile.replace(file, ("{\"hosts\":[\n" + hosts + "]}\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        String array = new JsonArray().add(text).encode();
        return array.substring(1, array.length() - 1);
    }
}
