// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.json.ConfigException.Reason;
import org.opdbus.config.json.FileKind;
import org.opdbus.config.json.JsonFile;
import org.opdbus.config.json.JsonParsing;
import org.opdbus.config.json.JsonReader;
import org.opdbus.config.json.KeyPath;
import org.opdbus.config.json.Problem;

/**
 * Converts a state file into a {@link DesiredState}, or reports every error in it, each with its place as a JSON
 * pointer (RFC 6901).
 *
 * <p>Any thread may call it; loading blocks on the file.
 */
public final class StateLoader {
    /** The largest size of a state file, in bytes: enough for thousands of containers. */
    public static final int BYTES_MAX = 8_388_608;

    private static final FileKind KIND =
            new FileKind(BYTES_MAX, KeyPath.Notation.POINTER, "docs/STATE.md", "{\"version\":1,\"plugins\":{}}");

    private static final String SCHEMA = "state.schema.json";

    private StateLoader() {}

    /**
     * Loads a state file.
     *
     * @throws ConfigException with every problem of the file
     */
    public static DesiredState load(Path file) throws ConfigException {
        return state(file, JsonFile.read(file, KIND));
    }

    /**
     * Parses a state that is not a file, such as text from standard input.
     *
     * @param source its name in messages
     * @throws ConfigException with every problem of the text
     */
    public static DesiredState parse(Path source, String text) throws ConfigException {
        return state(source, new JsonParsing(source, KIND).tree(text));
    }

    /** Returns the JSON Schema (draft 2020-12) of the file, for editors and other programs. */
    public static String schema() {
        try (InputStream in = Objects.requireNonNull(StateLoader.class.getResourceAsStream(SCHEMA), SCHEMA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new IllegalStateException("the schema is part of this module", impossible);
        }
    }

    private static DesiredState state(Path file, JsonNode document) throws ConfigException {
        JsonReader json = JsonReader.of(document, KIND.notation());
        List<DesiredContainer> containers = new StateReader(json).read();
        List<Problem> problems = json.problems();
        if (!problems.isEmpty()) {
            throw new ConfigException(Reason.INVALID, file, problems);
        }
        return DesiredState.of(containers);
    }
}
