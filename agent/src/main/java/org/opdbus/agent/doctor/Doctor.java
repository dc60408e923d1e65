// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;

/** Runs every check on a host. */
public final class Doctor {
    private static final List<Check> CHECKS = List.of(
            new JavaCheck(Runtime.version()),
            new ConfigCheck(),
            new RightsCheck(),
            new KernelCheck(),
            new FoldersCheck(),
            new LedgerCheck(),
            new SwitchCheck(),
            new LxcCheck(),
            new WorkloadsCheck(),
            new NetmakerCheck(),
            new NetclientCheck(),
            new AgentCheck(),
            new LimitsCheck(),
            new UplinkCheck(),
            new ContainersCheck(),
            new LabsCheck(),
            new PortsCheck());

    private Doctor() {}

    /**
     * Returns the findings of an agent about its own host: without those about its configuration file, which it has read already, and
     * about whether it runs.
     */
    public static List<CheckResult> examineFromWithin(HostSnapshot patient) {
        return CHECKS.stream()
                .filter(check -> !(check instanceof ConfigCheck || check instanceof AgentCheck))
                .flatMap(check -> check.examine(patient).stream())
                .toList();
    }

    /** Returns all findings, the good ones included, ordered so that causes come before their effects. */
    public static List<CheckResult> examine(HostSnapshot patient) {
        return CHECKS.stream().flatMap(check -> check.examine(patient).stream()).toList();
    }
}
