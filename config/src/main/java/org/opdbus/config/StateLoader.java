// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.opdbus.config.ConfigException.Reason;

/**
 * Turns a state file into a {@link DesiredState}, or into everything that is wrong with it, each with its place as a JSON
 * pointer (RFC 6901).
 *
 * <p>May be called on any thread; loading blocks on the file.
 */
public final class StateLoader {
    /** The most bytes that a state file may have: thousands of containers. */
    public static final int BYTES_MAX = 8_388_608;

    private static final String SCHEMA = "state.schema.json";

    private StateLoader() {}

    /**
     * Loads a state file.
     *
     * @throws ConfigException with every problem of the file
     */
    public static DesiredState load(Path file) throws ConfigException {
        return state(file, JsonFile.read(file, FileKind.STATE));
    }

    /**
     * Reads a state that is no file, such as what came by standard input.
     *
     * @param source what to call it in messages
     * @throws ConfigException with every problem of the text
     */
    public static DesiredState parse(Path source, String text) throws ConfigException {
        return state(source, new JsonParsing(source, FileKind.STATE).tree(text));
    }

    /** The JSON Schema (draft 2020-12) of the file, for editors and other programs. */
    public static String schema() {
        try (InputStream in = Objects.requireNonNull(StateLoader.class.getResourceAsStream(SCHEMA), SCHEMA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new IllegalStateException("the schema is part of this module", impossible);
        }
    }

    private static DesiredState state(Path file, JsonNode document) throws ConfigException {
        JsonReader json = JsonReader.of(document, FileKind.STATE.notation());
        List<DesiredContainer> containers = new StateReader(json).read();
        List<Problem> problems = json.problems();
        if (!problems.isEmpty()) {
            throw new ConfigException(Reason.INVALID, file, problems);
        }
        return DesiredState.of(containers);
    }
}
