// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.ConfigLoader;
import org.opdbus.config.json.ConfigException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has. */
public final class Settings {
    private static final String NAME = "--config";
    private static final String LABEL = "FILE";

    /** The option as described commands take it; its help text is below. */
    public static final OptionText CONFIG = OptionText.value(LABEL, new AnyText(), "", NAME);

    @Option(
            names = NAME,
            paramLabel = LABEL,
            scope = ScopeType.INHERIT,
            description = "The configuration file of the agent (default: $OP_DBUS_CONFIG, else "
                    + "/etc/op-dbus/op-dbus.json).")
    private @Nullable Path file;

    /** Creates settings into which picocli puts what the user gave. */
    public Settings() {}

    /** Creates the settings of a call that names this file, or none. */
    Settings(Optional<Path> file) {
        this.file = file.orElse(null);
    }

    /** Loads and returns the configuration. */
    public AgentConfig load() {
        try {
            return read();
        } catch (ConfigException e) {
            throw new CannotRunException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Loads the configuration for a command that continues if the file cannot be used. */
    public AgentConfig read() throws ConfigException {
        Optional<Path> named = named();
        return named.isPresent() ? ConfigLoader.load(named.get()) : ConfigLoader.loadDefault();
    }

    private Optional<Path> named() {
        Path given = file;
        if (given != null) {
            return Optional.of(given);
        }
        return Optional.ofNullable(System.getenv("OP_DBUS_CONFIG"))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }

    /** Returns the configuration file to read, if there is one. */
    public Optional<Path> existingFile() {
        return Optional.of(named().orElse(ConfigLoader.DEFAULT_FILE)).filter(Files::exists);
    }
}
