// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks whether this process has the capabilities that the agent needs (capabilities(7)). */
final class RightsCheck implements Check {
    private static final String NAME = "rights";
    private static final String EFFECTIVE = "CapEff:";

    /** The bits in the kernel's mask, and what the agent needs each for. */
    private static final Map<String, Integer> NEEDED = new LinkedHashMap<>();

    static {
        NEEDED.put("CAP_NET_ADMIN", 12);
        NEEDED.put("CAP_SYS_PTRACE", 19);
        NEEDED.put("CAP_SYS_ADMIN", 21);
    }

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        long mask;
        try {
            mask = Files.readAllLines(patient.file("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(EFFECTIVE))
                    .map(line -> line.substring(EFFECTIVE.length()).strip())
                    .mapToLong(hex -> Long.parseUnsignedLong(hex, 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException e) {
            return List.of(CheckResult.problem(
                    NAME,
                    "cannot read the capabilities of this process: " + e,
                    "without /proc the agent sees no containers",
                    "mount proc on /proc"));
        }
        List<String> missing = new ArrayList<>();
        NEEDED.forEach((capability, bit) -> {
            if ((mask & (1L << bit)) == 0) {
                missing.add(capability);
            }
        });
        return List.of(
                missing.isEmpty()
                        ? CheckResult.ok(NAME, "this process may change links and enter containers")
                        : CheckResult.problem(
                                NAME,
                                "this process lacks " + String.join(", ", missing),
                                "without them the agent can neither name links nor enter a container's network",
                                "run op-dbus as root, and not in a container that removes them"));
    }
}
