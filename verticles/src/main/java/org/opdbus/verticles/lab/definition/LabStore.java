// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opdbus.verticles.files.AtomicFile;
import org.opdbus.verticles.files.RecordJson;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * The definitions of labs on disk: a JSON file for each, which only root can read. A file is replaced as a whole, so a power failure
 * leaves the old one or the new one. Every method waits for the disk: not for an event loop. The caller keeps two threads from the
 * same lab.
 */
public final class LabStore {
    private static final int BYTES_MAX = 8 << 20;
    private static final int LABS_MAX = 1_000;
    private static final int FORMAT = 1;
    private static final Pattern FILE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_-]{0,30})\\.json");

    private final Path folder;

    /** Creates the store of a folder, such as {@code /var/lib/op-dbus/labs}; it is made with the first definition. */
    public LabStore(Path folder) {
        this.folder = folder;
    }

    /**
     * Returns the definition of a lab, if there is one.
     *
     * @throws IOException if the file cannot be read, or is no definition of this lab
     */
    public Optional<LabDefinition> load(String lab) throws IOException {
        Path file = file(lab);
        Optional<byte[]> bytes = RegularFile.readIfExists(file, BYTES_MAX);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(decode(lab, new String(bytes.get(), StandardCharsets.UTF_8)));
        } catch (RuntimeException damaged) {
            throw new FileSystemException(
                    file.toString(), null, "is not the definition of the lab " + lab + ": " + damaged.getMessage());
        }
    }

    /** Writes a definition; it returns when it is on disk. */
    public void save(LabDefinition definition) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        AtomicFile.replace(file(definition.name()), encode(definition).getBytes(StandardCharsets.UTF_8));
    }

    /** Removes the definition of a lab, if there is one. */
    public void forget(String lab) throws IOException {
        Files.deleteIfExists(file(lab));
    }

    /** Returns the names of the labs that have a definition, sorted. */
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> FILE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .limit(LABS_MAX)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    private Path file(String lab) {
        LabChecks.lab(lab);
        return folder.resolve(lab + ".json");
    }

    static String encode(LabDefinition definition) {
        JsonArray items = new JsonArray();
        definition.items().values().forEach(item -> items.add(RecordJson.write(item)));
        return new JsonObject()
                        .put("format", FORMAT)
                        .put("name", definition.name())
                        .put("lastId", definition.lastId())
                        .put("items", items)
                        .encodePrettily()
                + "\n";
    }

    static LabDefinition decode(String lab, String text) {
        JsonObject stored = new JsonObject(text);
        if (!Objects.equals(stored.getInteger("format"), FORMAT)) {
            throw new IllegalArgumentException(
                    "its format is " + stored.getValue("format") + ", and this agent reads " + FORMAT);
        }
        if (!lab.equals(stored.getString("name"))) {
            throw new IllegalArgumentException("it is that of another lab");
        }
        TreeMap<String, LabItem> items = new TreeMap<>();
        for (Object each : stored.getJsonArray("items", new JsonArray())) {
            LabItem item = RecordJson.read(LabItem.class, (JsonObject) each);
            if (items.put(item.name(), item) != null) {
                throw new IllegalArgumentException("two of its items are called " + item.name());
            }
        }
        LabDefinition definition = new LabDefinition(lab, items, stored.getInteger("lastId", 0));
        DefinitionCheck.check(definition);
        return definition;
    }
}
