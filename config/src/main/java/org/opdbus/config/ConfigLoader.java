// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.json.ConfigException.Reason;
import org.opdbus.config.json.FileKind;
import org.opdbus.config.json.JsonFile;
import org.opdbus.config.json.JsonReader;
import org.opdbus.config.json.KeyPath;
import org.opdbus.config.json.Problem;

/** Converts the configuration file, once, into an {@link AgentConfig}. */
public final class ConfigLoader {
    /** The file that is read by default. */
    public static final Path DEFAULT_FILE = Path.of("/etc/op-dbus/op-dbus.json");

    /** The largest size of a configuration file, in bytes. */
    public static final int BYTES_MAX = 1_048_576;

    private static final FileKind KIND = new FileKind(BYTES_MAX, KeyPath.Notation.DOTTED, "docs/CONFIG.md", "{}");

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private ConfigLoader() {}

    /**
     * Loads a file that the user named, so it must exist.
     *
     * @throws ConfigException with every problem of the file
     */
    public static AgentConfig load(Path file) throws ConfigException {
        return config(file, JsonFile.read(file, KIND));
    }

    /**
     * Loads {@link #DEFAULT_FILE}; if there is none, every key has its default.
     *
     * @throws ConfigException with every problem of the file
     */
    public static AgentConfig loadDefault() throws ConfigException {
        return loadIfPresent(DEFAULT_FILE);
    }

    static AgentConfig loadIfPresent(Path file) throws ConfigException {
        try {
            return load(file);
        } catch (ConfigException failure) {
            if (failure.reason() == Reason.MISSING) {
                return config(file, JsonNodeFactory.instance.objectNode());
            }
            throw failure;
        }
    }

    private static AgentConfig config(Path file, JsonNode document) throws ConfigException {
        JsonReader json = JsonReader.of(document, KIND.notation());
        AgentConfig config = new AgentConfigReader(json).read(hostName(file));
        List<Problem> problems = json.problems();
        if (!problems.isEmpty()) {
            throw new ConfigException(Reason.INVALID, file, problems);
        }
        return config;
    }

    private static String hostName(Path file) throws ConfigException {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException failure) {
            throw new ConfigException(Reason.UNREADABLE, file, "the name of the host cannot be read: " + failure);
        }
    }
}
