// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.membership.KnownMember;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = {
            "Shows the hosts that the CA has let in, as far as this host has heard.",
            "State is here (takes part now), away, removed, or expired; and unknown where no agent runs that could say."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus cluster list", "  op-dbus cluster list --json"})
final class ClusterListCommand extends ClusterTask {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HEAD = List.of("HOST", "STATE", "ADDRESS", "EXPIRES", "CA", "FINGERPRINT");

    @Option(names = "--json", description = "As a JSON array, for programs.")
    private boolean json;

    @Override
    int run(AgentConfig config) {
        Optional<Set<String>> present = present(config);
        ResultStream out = out();
        List<KnownMember> members = KnownMember.in(config.cluster().dir());
        if (json) {
            ArrayNode array = JSON.createArrayNode();
            members.forEach(member -> array.addObject()
                    .put("host", member.host())
                    .put("state", state(member, present))
                    .put("address", member.address())
                    .put("expires", member.expires().toString())
                    .put("newestCa", member.hasNewestAuthority())
                    .put("fingerprint", member.fingerprint()));
            out.line(pretty(array));
        } else {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            members.forEach(member -> rows.add(List.of(
                    member.host(),
                    state(member, present),
                    member.address(),
                    member.expires().toString(),
                    member.hasNewestAuthority() ? "newest" : "old",
                    member.fingerprint())));
            new TextTable(rows).lines().forEach(out::line);
        }
        out.flush();
        return CommandLineProgram.DONE;
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

    /** The hosts that take part now; empty if there is nobody who could say. */
    private static Optional<Set<String>> present(AgentConfig config) {
        try (AgentCalls agent =
                ControlClient.connect(config.runtime().controlSocket()).orElseThrow(NoAgentException::new)) {
            Set<String> hosts = new HashSet<>();
            for (JsonNode member : agent.call("cluster", List.of(), progress -> {})) {
                hosts.add(member.path("host").asText());
            }
            return Optional.of(hosts);
        } catch (NoAgentException | CannotRunException none) {
            // An agent that takes part in no cluster refuses the question.
            return Optional.empty();
        }
    }

    private static final class NoAgentException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
