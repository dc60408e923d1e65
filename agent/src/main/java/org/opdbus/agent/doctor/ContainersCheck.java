// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.agent.doctor.AgentReply.ContainerReply;

/** Checks which containers the agent has not enrolled although it should. */
final class ContainersCheck implements Check {
    private static final String NAME = "containers";

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        AgentReply agent = patient.agent();
        if (!agent.listens() || agent.failure().isPresent()) {
            return List.of();
        }
        List<CheckResult> findings = new ArrayList<>();
        int explained = 0;
        for (ContainerReply container : agent.containers()) {
            if (!WorkloadsCheck.of(container, patient).isEmpty()) {
                explained++;
                continue;
            }
            String what = "container " + container.id() + " is " + container.state() + ": " + container.reason();
            if (!container.meshRemedy().isEmpty()) {
                findings.add(CheckResult.problem(
                        NAME, what, "the container is not in its mesh until that changes", container.meshRemedy()));
                continue;
            }
            switch (container.state()) {
                case "refused" ->
                    findings.add(CheckResult.problem(
                            NAME, what, "the container has no port until that changes", remedy(container)));
                case "waiting" ->
                    findings.add(CheckResult.warning(
                            NAME, what, "the agent enrols it as soon as that is there", "see the findings above"));
                case "drifted" ->
                    findings.add(CheckResult.warning(
                            NAME,
                            what,
                            "enrollment.onDrift is report, so the agent repairs nothing",
                            "repair it by hand, or set enrollment.onDrift to repair"));
                default -> {}
            }
        }
        if (findings.isEmpty()) {
            findings.add(CheckResult.ok(
                    NAME,
                    "seen: " + agent.containers().size()
                            + (explained == 0
                                    ? "; none is refused or waiting"
                                    : "; not as they shall be: " + explained + ", which the findings above name")));
        }
        return findings;
    }

    private static String remedy(ContainerReply container) {
        String remedy = container.remedy().isEmpty()
                ? "op-dbus ledger search --subject " + container.id() + " --kind enrollment.refused shows the remedy"
                : container.remedy();
        return remedy + "; or "
                + (container.engine().isEmpty()
                        ? "add it to enrollment.ignore"
                        : "remove its labels of op-dbus and its entry in the state file");
    }
}
