// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether the agent runs, is this version of it, and hears its sources. */
final class AgentCheck implements Check {
    private static final String NAME = "agent";

    private static final Map<String, String> REMEDIES = Map.of(
            "ovsdb", "start Open vSwitch: systemctl start openvswitch-switch",
            "lxc", "see the agent's log for what it waits for in lxc.path",
            "netlink", "see the agent's log");

    @Override
    public List<Finding> examine(HostSnapshot patient) {
        AgentReply agent = patient.agent();
        String socket = patient.config().runtime().controlSocket().toString();
        if (!agent.listens()) {
            return List.of(Finding.warning(
                    NAME,
                    "no agent listens on " + socket,
                    "containers that start are not enrolled",
                    "op-dbus run, or systemctl start op-dbus"));
        }
        if (agent.failure().isPresent()) {
            return List.of(Finding.problem(
                    NAME,
                    "the agent on " + socket + " gives no answer: "
                            + agent.failure().get(),
                    "it may hang, or you may not ask it",
                    "run doctor as root; if it hangs, systemctl restart op-dbus: containers notice nothing"));
        }
        List<Finding> findings = new ArrayList<>();
        if (!agent.version().equals(patient.version())) {
            findings.add(Finding.warning(
                    NAME,
                    "the agent that runs is version " + agent.version() + ", this is " + patient.version(),
                    "an upgrade takes effect when the agent is restarted",
                    "systemctl restart op-dbus: containers notice nothing"));
        }
        new TreeMap<>(agent.sources()).forEach((source, state) -> {
            if (!state.equals("listed")) {
                findings.add(Finding.problem(
                        NAME,
                        "the agent's source " + source + " is " + state,
                        "as long as it is not listed, nothing is taken away and nothing new is enrolled",
                        REMEDIES.getOrDefault(source, "see the agent's log")));
            }
        });
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    NAME,
                    "it runs, version " + agent.version() + ", and hears "
                            + String.join(", ", new TreeMap<>(agent.sources()).keySet())));
        }
        return findings;
    }
}
