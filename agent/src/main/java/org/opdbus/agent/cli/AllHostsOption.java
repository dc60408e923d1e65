// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** The option of commands that can look at all hosts of the cluster, and the questions that go with it. */
final class AllHostsOption {
    @Option(
            names = "--all-hosts",
            description =
                    "Of all hosts of the cluster, as the agent of this host sees them. Of those that are away, what"
                            + " was known last.")
    private boolean isGiven;

    boolean isGiven() {
        return isGiven;
    }

    /** Every host, this one first, as the running agent sees them. */
    static ArrayNode hosts(AgentCalls agent, boolean withContainers) {
        ArrayNode hosts = JsonNodeFactory.instance.arrayNode();
        ObjectNode question = JsonNodeFactory.instance.objectNode().put("containers", withContainers);
        while (true) {
            JsonNode answer = agent.call("hosts", question);
            answer.path("hosts").forEach(hosts::add);
            if (!answer.hasNonNull("next")) {
                return hosts;
            }
            question.set("after", answer.get("next"));
        }
    }

    /** The containers of these hosts, which are taken out of them. */
    static ArrayNode takeContainers(ArrayNode hosts) {
        ArrayNode containers = JsonNodeFactory.instance.arrayNode();
        hosts.forEach(host -> {
            host.path("containers").forEach(containers::add);
            ((ObjectNode) host).remove("containers");
        });
        return containers;
    }
}
