// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.opdbus.events.AgentEvent.Source;

/** Checks whether the agent runs, has this version, and hears its sources. */
final class AgentCheck implements Check {
    private static final String NAME = "agent";

    private static final Map<String, String> REMEDIES = Map.of(
            "ovsdb", "start Open vSwitch: systemctl start openvswitch-switch",
            "lxc", "the agent's log says what is missing in lxc.path",
            "netlink", "see the agent's log",
            "docker", "systemctl restart docker; if the host has no Docker any more, systemctl restart op-dbus",
            "podman", "systemctl restart podman.socket; if the host has no Podman any more, systemctl restart op-dbus");

    /** Not every host has these. */
    private static final Set<String> OPTIONAL = Arrays.stream(Source.values())
            .filter(source -> !source.isEverywhere())
            .map(source -> source.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        AgentReply agent = patient.agent();
        String socket = patient.config().runtime().controlSocket().toString();
        if (!agent.listens()) {
            return List.of(CheckResult.warning(
                    NAME,
                    "no agent listens on " + socket,
                    "the agent enrols no containers while it does not run",
                    "op-dbus run, or systemctl start op-dbus"));
        }
        if (agent.failure().isPresent()) {
            return List.of(CheckResult.problem(
                    NAME,
                    "the agent on " + socket + " does not answer: "
                            + agent.failure().get(),
                    "it may hang, or your user may not ask it",
                    "run doctor as root; if the agent hangs, systemctl restart op-dbus: " + "containers keep running"));
        }
        List<CheckResult> findings = new ArrayList<>();
        if (!agent.version().equals(patient.version())) {
            findings.add(CheckResult.warning(
                    NAME,
                    "the running agent has version " + agent.version() + ", this program has version "
                            + patient.version(),
                    "an upgrade takes effect when the agent is restarted",
                    "systemctl restart op-dbus: containers keep running"));
        }
        new TreeMap<>(agent.sources()).forEach((source, state) -> {
            if (state.equals("listed")) {
                return;
            }
            if (OPTIONAL.contains(source)) {
                findings.add(CheckResult.warning(
                        NAME,
                        "the agent's source " + source + " is " + state,
                        "until it is listed, the agent attaches nothing new of it; ports stay",
                        REMEDIES.getOrDefault(source, "see the agent's log")));
            } else {
                findings.add(CheckResult.problem(
                        NAME,
                        "the agent's source " + source + " is " + state,
                        "until it is listed, the agent removes nothing and enrols nothing new",
                        REMEDIES.getOrDefault(source, "see the agent's log")));
            }
        });
        if (findings.isEmpty()) {
            findings.add(CheckResult.ok(
                    NAME,
                    "it runs, version " + agent.version() + ", and hears "
                            + String.join(", ", new TreeMap<>(agent.sources()).keySet())));
        }
        return findings;
    }
}
