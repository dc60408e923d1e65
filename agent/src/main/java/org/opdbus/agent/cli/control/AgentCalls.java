// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.JsonCopy;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;

/**
 * Carries out the commands: in the agent of this host if one runs, otherwise in this process. Use
 * it from one thread, which may block.
 */
public interface AgentCalls extends AutoCloseable {
    /**
     * Connects to the agent of this host if one runs; otherwise starts one in this process, which
     * ends when this object is closed.
     *
     * @param role what the agent in this process does
     */
    static AgentCalls open(AgentConfig config, Role role) {
        Optional<ControlClient> running = ControlClient.connect(config.runtime().controlSocket());
        return running.isPresent() ? running.get() : InProcessAgent.start(config, role);
    }

    /** Starts an agent in this process, whether or not one runs. It ends when this object is closed. */
    static AgentCalls inThisProcess(AgentConfig config, Role role) {
        return InProcessAgent.start(config, role);
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param progress receives the progress messages that come before the answer
     * @throws CannotRunException if the request cannot be carried out, with the reason
     */
    JsonNode call(String method, List<? extends JsonNode> params, Consumer<JsonNode> progress);

    /** Returns whether no agent runs, so that this process does what is asked for. */
    default boolean isInThisProcess() {
        return false;
    }

    /** Sends a request that the agent answers without progress messages. */
    default JsonNode call(String method, JsonNode... params) {
        return call(method, List.of(params), said -> {});
    }

    /**
     * Sends a request that the agent answers without progress messages, and returns the answer as text for people and
     * programs.
     */
    default String text(String method, List<String> params) {
        List<JsonNode> nodes = new ArrayList<>();
        params.forEach(param -> nodes.add(new TextNode(param)));
        return JsonText.pretty(call(method, nodes, said -> {}));
    }

    /** The containers and virtual machines of this host, as {@code query} shows them. */
    default JsonNode containers() {
        return call("containers").path("containers");
    }

    /** The same as the text of a JSON array. */
    default String containersText() {
        try (JsonParser answer = JsonText.reader(text("containers", List.of()))) {
            return JsonText.enter(answer, "containers") ? JsonCopy.pretty(answer) : "[]";
        } catch (IOException e) {
            throw new CannotRunException("the agent's answer is not JSON: " + e.getMessage(), e);
        }
    }

    @Override
    void close();
}
