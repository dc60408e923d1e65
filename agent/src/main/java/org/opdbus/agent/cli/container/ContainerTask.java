// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.ApplyProgressText;
import org.opdbus.agent.cli.output.ApplyReportText;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.wiring.Role;
import picocli.CommandLine.Parameters;

/** Base of the commands on one container. */
abstract class ContainerTask extends HostTask {
    @Parameters(paramLabel = "ID", description = "The container's name.")
    private String id = "";

    final String id() {
        return id;
    }

    /** Sends the command, prints its result and returns the exit status. */
    final int carryOut(String method) {
        return carryOut(method, JsonNodeFactory.instance.objectNode().put("id", id));
    }

    final int carryOut(String method, JsonNode request) {
        try (AgentCalls agent = AgentCalls.open(config(), Role.CARRY_OUT);
                ApplyProgressText progress =
                        new ApplyProgressText(out(), err(), streams().errIsTerminal())) {
            return ApplyReportText.tell(agent.call(method, List.of(request), progress), err());
        }
    }

    /** Returns the container in the form in which {@code query} prints it. */
    final JsonNode find() {
        List<JsonNode> found = with("id");
        return found.isEmpty() ? MissingNode.getInstance() : found.get(0);
    }

    /** Returns the containers and machines whose value of this key is what the user gave. */
    final List<JsonNode> with(String key) {
        List<JsonNode> found = new ArrayList<>();
        try (AgentCalls agent = AgentCalls.open(config(), Role.OBSERVE)) {
            for (JsonNode container : agent.containers()) {
                if (container.path(key).asText().equals(id)) {
                    found.add(container);
                }
            }
        }
        return found;
    }

    final CannotRunException notThere() {
        return new CannotRunException("there is no container " + id + " on this host; \"op-dbus container list\" shows "
                + "the containers of this host");
    }
}
