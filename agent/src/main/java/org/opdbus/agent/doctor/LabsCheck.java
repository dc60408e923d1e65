// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.opdbus.agent.doctor.AgentReply.LabReply;

/** Checks whether the labs that run are as their definitions say. It says nothing on a host without labs. */
final class LabsCheck implements Check {
    private static final String NAME = "labs";

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        List<LabReply> labs = patient.agent().labs();
        if (labs.isEmpty()) {
            return List.of();
        }
        List<CheckResult> findings = new ArrayList<>();
        labs.forEach(lab -> new TreeMap<>(lab.trouble())
                .forEach((what, reason) -> findings.add(CheckResult.warning(
                        NAME,
                        "lab " + lab.name() + ": " + what + ": " + reason,
                        "the lab is not as its definition says; the agent tries again by itself",
                        "op-dbus lab " + lab.name() + " show, and see the agent's log"))));
        if (findings.isEmpty()) {
            long running = labs.stream().filter(LabReply::running).count();
            findings.add(CheckResult.ok(
                    NAME, "seen: " + labs.size() + ", of which run: " + running + "; each is as its definition says"));
        }
        return findings;
    }
}
