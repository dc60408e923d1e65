// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.wiring.Agent;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.jsonrpc.EncodedJson;
import org.opdbus.verticles.kernel.netlink.NetlinkException;

/** Runs the code of the agent in this process, for one command. */
final class InProcessAgent implements AgentCalls {
    private static final String LOG_LEVEL = "OP_DBUS_LOG_LEVEL";
    /** The kernel's own message speaks of changes, which are not what the user asked for. */
    private static final String NOT_ROOT = "cannot inspect this host: that needs root, or CAP_NET_ADMIN among other"
            + " capabilities; run the command as root";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Agent agent;

    private InProcessAgent(Agent agent) {
        this.agent = agent;
    }

    static InProcessAgent start(AgentConfig config, Role role) {
        return new InProcessAgent(attend(config, role));
    }

    /** Returns the agent itself; refuses with a reason. */
    static Agent attend(AgentConfig config, Role role) {
        if (System.getenv(LOG_LEVEL) == null) {
            // Logs only problems, because the command itself reports what it does. The log is not
            // open yet.
            System.setProperty(LOG_LEVEL, "WARN");
        }
        try {
            return Agent.attend(config, role);
        } catch (NetlinkException e) {
            boolean observes = role == Role.OBSERVE && e.reason() == NetlinkException.Reason.NOT_PERMITTED;
            throw new CannotRunException(observes ? NOT_ROOT : e.getMessage(), e);
        } catch (IOException e) {
            throw new CannotRunException("cannot begin: " + e, e);
        }
    }

    @Override
    public boolean isInThisProcess() {
        return true;
    }

    @Override
    public JsonNode call(String method, List<? extends JsonNode> params, Consumer<JsonNode> progress) {
        try {
            Object answer = agent.operations()
                    .request(method, new JsonArray(params.toString()), said -> progress.accept(tree(said)))
                    .orElseThrow(() -> new IllegalStateException("no such method: " + method))
                    .blockingGet();
            return tree(answer);
        } catch (IllegalStateException failure) {
            throw new CannotRunException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static JsonNode tree(Object json) {
        try {
            return JSON.readTree(json instanceof EncodedJson text ? text.text().toString() : Json.encode(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written as JSON is JSON", e);
        }
    }

    @Override
    public void close() {
        agent.finishSteps();
        agent.close();
    }
}
