// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.Bridge;
import org.opdbus.verticles.ovsdb.Survey;

/** Checks whether Open vSwitch is reachable, works, and has the bridge for containers. */
final class SwitchCheck implements Check {
    private static final String NAME = "openvswitch";
    private static final String START = "systemctl start openvswitch-switch (apt-get install openvswitch-switch)";

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        Optional<Survey> survey = patient.ovs().survey();
        if (survey.isEmpty()) {
            Path socket = patient.config().ovsdb().socket();
            return List.of(CheckResult.problem(
                    NAME,
                    patient.ovs().failure().orElse("cannot reach the database at " + socket),
                    "containers start without a port; the agent enrols them when it can reach the " + "database",
                    START + ", or set ovsdb.socket"));
        }
        List<CheckResult> findings = new ArrayList<>();
        if (!patient.ovs().running()) {
            findings.add(CheckResult.problem(
                    NAME,
                    "ovs-vswitchd does not run",
                    "no new port becomes live, and LXC's own ovs-vsctl waits for ovs-vswitchd " + "without a limit",
                    START));
        } else if (survey.get().done() < survey.get().asked()) {
            findings.add(CheckResult.problem(
                    NAME,
                    "ovs-vswitchd has acted on " + survey.get().done() + " of "
                            + survey.get().asked() + " changes (cur_cfg, next_cfg)",
                    "it hangs or is slow: no new port becomes live",
                    "run doctor again in a moment; then see its log, systemctl restart " + "openvswitch-switch"));
        }
        String wanted = patient.config().enrollment().bridge();
        Optional<Bridge> bridge = survey.get().bridges().stream()
                .filter(it -> it.name().equals(wanted))
                .findFirst();
        if (bridge.isEmpty()) {
            findings.add(CheckResult.problem(
                    NAME,
                    "there is no bridge " + wanted,
                    "the agent refuses containers that no state file names",
                    "ovs-vsctl add-br " + wanted + ", or set enrollment.bridge to one that exists"));
        }
        if (findings.isEmpty()) {
            findings.add(CheckResult.ok(
                    NAME,
                    "bridge " + wanted + " exists, and ovs-vswitchd runs"
                            + survey.get()
                                    .version()
                                    .map(version -> " (version " + version + ")")
                                    .orElse("")));
        }
        return findings;
    }
}
