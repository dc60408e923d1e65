// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.agent.cli.command.AllHostsOption;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.TextTable;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.membership.trust.KnownMember;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = {
            "Shows the hosts that the CA has admitted, as far as this host knows.",
            "State is here (takes part now), away, removed, expired, or unknown if no agent runs " + "on this host.",
            "Seen, height and version are the last time this host received a message of that "
                    + "host's agent, the height of its ledger then, and its version. They are empty if no "
                    + "agent runs on this host, or if it has received nothing yet.",
            "Forged is how many messages that host signed in the name of another since the agent of "
                    + "this host began; empty if there were none. None of them was believed."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus cluster list", "  op-dbus cluster list --json"})
final class ClusterListCommand extends ClusterTask {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HEAD =
            List.of("HOST", "STATE", "SEEN", "HEIGHT", "VERSION", "FORGED", "ADDRESS", "EXPIRES", "CA", "FINGERPRINT");

    private static final List<String> SEEN = List.of("last_seen", "ledger_height", "version", "messages_forged");

    @Option(names = "--json", description = "As a JSON array, for programs.")
    private boolean json;

    @Override
    int run(AgentConfig config) {
        Optional<Set<String>> present = Optional.empty();
        Map<String, JsonNode> seen = Map.of();
        Optional<ControlClient> connected =
                ControlClient.connect(config.runtime().controlSocket());
        if (connected.isPresent()) {
            try (ControlClient agent = connected.get()) {
                present = present(agent);
                seen = seen(agent, present.isPresent());
            }
        }
        tell(config, present, seen);
        return ExitStatus.DONE;
    }

    private void tell(AgentConfig config, Optional<Set<String>> present, Map<String, JsonNode> seen) {
        ResultStream out = out();
        List<KnownMember> members = KnownMember.in(config.cluster().dir());
        if (json) {
            ArrayNode array = JSON.createArrayNode();
            members.forEach(member -> {
                ObjectNode object = array.addObject()
                        .put("host", member.host())
                        .put("state", state(member, present))
                        .put("address", member.address())
                        .put("expires", member.expires().toString())
                        .put("newestCa", member.hasNewestAuthority())
                        .put("fingerprint", member.fingerprint());
                JsonNode known = seen.getOrDefault(member.host(), MissingNode.getInstance());
                SEEN.forEach(key -> {
                    if (known.has(key)) {
                        object.set(key, known.get(key));
                    }
                });
            });
            out.json(JsonText.pretty(array));
        } else {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            members.forEach(member -> {
                List<String> row = new ArrayList<>(List.of(member.host(), state(member, present)));
                JsonNode known = seen.getOrDefault(member.host(), MissingNode.getInstance());
                SEEN.forEach(key -> row.add(known.path(key).asText()));
                row.addAll(List.of(
                        member.address(),
                        member.expires().toString(),
                        member.hasNewestAuthority() ? "newest" : "old",
                        member.fingerprint()));
                rows.add(row);
            });
            new TextTable(rows).lines().forEach(out::line);
        }
        out.flush();
    }

    private static String state(KnownMember member, Optional<Set<String>> present) {
        if (member.removed().isPresent()) {
            return "removed";
        }
        if (member.expires().isBefore(Instant.now())) {
            return "expired";
        }
        return present.map(hosts -> hosts.contains(member.host()) ? "here" : "away")
                .orElse("unknown");
    }

    /** Returns the hosts that take part now; empty if the agent cannot say. */
    private static Optional<Set<String>> present(ControlClient agent) {
        try {
            Set<String> hosts = new HashSet<>();
            for (JsonNode member : agent.call("cluster", List.of(), progress -> {})) {
                hosts.add(member.path("host").asText());
            }
            return Optional.of(hosts);
        } catch (CannotRunException none) {
            // An agent that takes part in no cluster refuses the question.
            return Optional.empty();
        }
    }

    /** Returns what this host knows about each host. */
    private static Map<String, JsonNode> seen(ControlClient agent, boolean isInCluster) {
        Map<String, JsonNode> seen = new HashMap<>();
        if (isInCluster) {
            AllHostsOption.hosts(agent, false)
                    .forEach(host -> seen.put(host.path("host").asText(), host));
        }
        return seen;
    }
}
