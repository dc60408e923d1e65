// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.agent.Role;
import org.opdbus.config.AgentConfig;

/** Whoever carries out a command: the agent of this host, or, if none runs, this process. For one thread, which may wait. */
interface AgentCalls extends AutoCloseable {
    /**
     * The agent of this host if one runs; else one in this process, for as long as this is open.
     *
     * @param role what it is to do in this process
     */
    static AgentCalls open(AgentConfig config, Role role) {
        Optional<ControlClient> running = ControlClient.connect(config.runtime().controlSocket());
        return running.isPresent() ? running.get() : InProcessAgent.start(config, role);
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param progress hears what is said until then
     * @throws CannotRunException if it cannot be done, with the reason
     */
    JsonNode call(String method, List<? extends JsonNode> params, Consumer<JsonNode> progress);

    /** Asks what is answered at once. */
    default JsonNode call(String method, JsonNode... params) {
        return call(method, List.of(params), said -> {});
    }

    @Override
    void close();
}
