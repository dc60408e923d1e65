// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state.policy;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.state.LastApplied;
import org.opdbus.verticles.state.StateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The named containers, as an agent finds them at its start. */
public final class NamedContainers {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");

    private NamedContainers() {}

    /** The file of the record of the last apply: beside the ledger. */
    public static Path recordFile(AgentConfig config) {
        return config.ledger().dir().resolveSibling("applied.json");
    }

    /**
     * Returns what was applied last, and what the state file says about containers that were never applied. An edit
     * of the file takes effect when it is applied, not by chance when the agent starts. A file that cannot be read is
     * logged and does not stop the agent.
     */
    public static Collection<DesiredContainer> load(AgentConfig config) {
        Map<ContainerId, DesiredContainer> named = new TreeMap<>();
        try {
            StateLoader.load(config.state().file())
                    .containers()
                    .forEach(container -> named.put(container.id(), container));
        } catch (ConfigException failure) {
            if (failure.reason() != ConfigException.Reason.MISSING) {
                LOG.error("the agent does not use the state file: {}", failure.getMessage());
            }
        }
        try {
            named.putAll(LastApplied.load(recordFile(config)).containers());
        } catch (StateException failure) {
            LOG.error("{}; {}", failure.getMessage(), failure.remedy());
        }
        return named.values();
    }
}
