// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.events.Bridge;
import org.opdbus.verticles.ovsdb.Survey;
import org.opdbus.verticles.ovsdb.Survey.SeenPort;
import org.opdbus.verticles.view.PortOwner;

/** Reports ports whose links no longer exist: the agent's own, and other programs'. */
final class PortsCheck implements Check {
    private static final String NAME = "ports";

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        Optional<Survey> survey = patient.ovs().survey();
        if (survey.isEmpty() || patient.kernel().names().isEmpty()) {
            return List.of();
        }
        Set<String> links = patient.kernel().names();
        List<CheckResult> findings = new ArrayList<>();
        LeakedPorts.in(survey.get(), links).forEach(port -> findings.add(leaked(patient, port)));
        String unseen = survey.get().bridges().stream()
                .map(Bridge::name)
                .filter(name -> !links.contains(name))
                .sorted()
                .collect(Collectors.joining(", "));
        if (!unseen.isEmpty()) {
            findings.add(CheckResult.warning(
                    NAME,
                    "not checked: the ports of " + unseen,
                    "its own link is not in this network namespace, so ovs-vswitchd does not run "
                            + "or works in another one",
                    "start ovs-vswitchd, or run doctor in its network namespace"));
        }
        if (findings.isEmpty()) {
            findings.add(CheckResult.ok(NAME, "seen: " + survey.get().ports().size() + "; each has its link"));
        }
        return findings;
    }

    private static CheckResult leaked(HostSnapshot patient, SeenPort port) {
        String said = port.interfaces()
                .get(0)
                .error()
                .map(error -> " (ovs-vswitchd: " + error + ")")
                .orElse("");
        String what = "port " + port.name() + " of bridge " + port.bridge() + " has no link in the kernel" + said;
        String container = port.externalIds().getOrDefault(PortOwner.CONTAINER, "");
        boolean ours = patient.config().host().equals(port.externalIds().get(PortOwner.OWNER));
        if (ours && patient.agent().listens()) {
            return CheckResult.warning(
                    NAME,
                    what,
                    "it is the agent's, for container " + container
                            + ", and the agent removes it when LXC reports the end of the container",
                    "look again in a moment; op-dbus doctor --fix removes it");
        }
        return CheckResult.problem(
                NAME,
                what,
                ours
                        ? "it was the agent's, for container " + container + ", and no agent runs"
                        : "a link that gets this name joins the bridge with the port's VLAN and rights",
                (ours ? "start the agent, which removes it; or " : "")
                        + "op-dbus doctor --fix shows what it would remove, and asks");
    }
}
