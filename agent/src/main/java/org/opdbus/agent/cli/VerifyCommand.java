// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.control.SignedByAgent;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.RecordedEnrollments;
import org.opdbus.agent.wiring.RecordedEnrollments.Recorded;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Checks that the running system matches the ledger: every recorded enrolment is live, "
                    + "on the recorded bridge and VLAN, and every live enrolment is recorded.",
            "With --full it first reads every byte of the ledger again."
        },
        exitCodeList = {"0:it does", "1:it does not match; each difference is a line", "2:it could not run"},
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus verify", "  op-dbus verify --full"})
final class VerifyCommand extends HostTask {
    @Option(names = "--full", description = "Also verify the whole ledger, as \"ledger verify\" " + "does.")
    private boolean full;

    @Override
    protected int run() {
        AgentConfig config = config();
        List<String> findings = new ArrayList<>();
        if (full) {
            Verification ledger = Verifier.of(config.ledger().dir())
                    .withAgent(() -> SignedByAgent.ask(config))
                    .verify();
            ledger.findings().forEach(finding -> findings.add("ledger: " + finding));
        }
        List<Recorded> recorded = RecordedEnrollments.read(config.ledger().dir());
        try (AgentCalls agent = AgentCalls.open(config, Role.OBSERVE)) {
            compare(recorded, agent.containers(), findings);
        }
        ResultStream out = out();
        findings.forEach(out::line);
        out.flush();
        if (findings.isEmpty()) {
            err().println(recorded.size() + " recorded enrolments, all live as recorded");
        }
        return findings.isEmpty() ? ExitStatus.DONE : ExitStatus.NO;
    }

    private static void compare(List<Recorded> recorded, JsonNode containers, List<String> findings) {
        for (Recorded enrollment : recorded) {
            Optional<JsonNode> link = link(containers, enrollment.container(), enrollment.link());
            String subject = "container " + enrollment.container() + ": " + enrollment.link();
            if (link.isEmpty()) {
                findings.add(subject + " is recorded as enrolled at height " + enrollment.height()
                        + ", but there is no such link");
                continue;
            }
            String bridge = link.get().path("bridge").asText();
            if (!bridge.equals(enrollment.bridge())) {
                findings.add(subject + " is recorded as a port of bridge " + enrollment.bridge() + ", but "
                        + (bridge.isEmpty() ? "is on no bridge" : "is on bridge " + bridge));
            } else if (!link.get().path("vlan").asText().equals(enrollment.vlan())) {
                findings.add(subject + " is recorded in VLAN " + none(enrollment.vlan()) + ", but is in VLAN "
                        + none(link.get().path("vlan").asText()));
            }
        }
        for (JsonNode container : containers) {
            String id = container.path("id").asText();
            boolean known = recorded.stream().anyMatch(one -> one.container().equals(id));
            if (container.path("state").asText().equals("enrolled")
                    && !container.path("bridge").asText().isEmpty()
                    && !known) {
                findings.add("container " + id + " is enrolled, but the ledger has no record of " + "it");
            }
        }
    }

    private static Optional<JsonNode> link(JsonNode containers, String id, String name) {
        for (JsonNode container : containers) {
            if (container.path("id").asText().equals(id)) {
                for (JsonNode link : container.path("links")) {
                    if (link.path("name").asText().equals(name)) {
                        return Optional.of(link);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String none(String vlan) {
        return vlan.isEmpty() ? "none" : vlan;
    }
}
