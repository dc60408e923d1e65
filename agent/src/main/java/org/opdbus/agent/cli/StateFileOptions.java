// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.state.EntryForm;
import org.opdbus.config.state.StateLoader;
import org.opdbus.config.state.StateWriter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that select a state. */
final class StateFileOptions {
    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The state file (default: the one that the configuration names, /etc/op-dbus/state.json).")
    private @Nullable Path file;

    @Option(names = "--plugin", paramLabel = "P", description = "Only this plugin: lxc, docker, podman or vm.")
    private @Nullable String plugin;

    /**
     * Returns the state in the form of a request to an agent.
     *
     * @throws CannotRunException with every error in the file; nothing was done
     */
    ObjectNode request(AgentConfig config) {
        requirePlugin();
        Path source = Optional.ofNullable(file).orElse(config.state().file());
        try {
            ObjectNode request = JsonNodeFactory.instance
                    .objectNode()
                    .put("state", StateWriter.write(StateLoader.load(source)))
                    .put("source", source.toString());
            return plugin == null ? request : request.put("plugin", plugin);
        } catch (ConfigException e) {
            String remedy = e.reason() == ConfigException.Reason.MISSING
                    ? "; name another file, or write one with \"op-dbus init\""
                    : "";
            throw new CannotRunException(e.getMessage() + remedy, e);
        }
    }

    private void requirePlugin() {
        if (plugin != null && EntryForm.ofPlugin(plugin).isEmpty()) {
            String known = EntryForm.all().stream()
                    .map(form -> '"' + form.kind().word() + '"')
                    .collect(Collectors.joining(", "));
            throw new CannotRunException("there is no plugin \"" + plugin + "\" of a state file; there are " + known);
        }
    }
}
