// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.CannotRunException;

/**
 * The option of commands that can look at all hosts of the cluster, and the questions that go with it.
 *
 * @param isGiven whether the user gave it
 */
public record AllHostsOption(boolean isGiven) {
    /** Its description. */
    public static final OptionText TEXT = OptionText.flag(
            "Show all hosts of the cluster, as the agent of this host sees them. For a "
                    + "host that is away, show what was known last. On a host that is in no "
                    + "cluster, show this host alone.",
            "--all-hosts");

    private static final String SELF = "self";

    /** Returns the option as the user gave it, or did not. */
    public static AllHostsOption of(Arguments given) {
        return new AllHostsOption(given.has(TEXT));
    }

    /**
     * Returns whether to ask the agent about other hosts: the option is given and this host is in a
     * cluster. If the option is given without a cluster, a message says that only this host is
     * shown.
     */
    public boolean reachesOthers(AgentCalls agent, PrintWriter err) {
        if (!isGiven || isInCluster(agent)) {
            return isGiven;
        }
        err.println(
                "op-dbus: this host is in no cluster, so only this host is shown; see \"op-dbus cluster init --help\"");
        err.flush();
        return false;
    }

    private static boolean isInCluster(AgentCalls agent) {
        try {
            agent.call("cluster");
            return true;
        } catch (CannotRunException none) {
            // The agent of a host that is in no cluster refuses the question.
            return false;
        }
    }

    /**
     * Returns every host with its containers, this host first, as the running agent sees them; only
     * this host without a cluster.
     */
    public ArrayNode hosts(AgentCalls agent, PrintWriter err) {
        return reachesOthers(agent, err) ? hosts(agent, true) : thisHost(agent);
    }

    /** Returns this host in the form in which the agent lists hosts. */
    private static ArrayNode thisHost(AgentCalls agent) {
        JsonNode program = agent.call("version");
        ArrayNode hosts = JsonNodeFactory.instance.arrayNode();
        ObjectNode host = hosts.addObject()
                .put("host", program.path("host").asText())
                .put("state", SELF)
                .put("last_seen", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("version", program.path("version").asText());
        ArrayNode containers = host.putArray("containers");
        agent.containers()
                .forEach(container -> containers
                        .addObject()
                        .put("host", host.path("host").asText())
                        .put("host_state", SELF)
                        .setAll((ObjectNode) container));
        return hosts;
    }

    /** Returns every host, this host first, as the running agent sees them. */
    public static ArrayNode hosts(AgentCalls agent, boolean withContainers) {
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

    /** Returns the containers of these hosts and removes them from the host objects. */
    public static ArrayNode takeContainers(ArrayNode hosts) {
        ArrayNode containers = JsonNodeFactory.instance.arrayNode();
        hosts.forEach(host -> {
            host.path("containers").forEach(containers::add);
            ((ObjectNode) host).remove("containers");
        });
        return containers;
    }
}
