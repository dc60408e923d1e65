// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;
import java.util.Optional;

/** Checks whether the kernel reports links and allows changes to them. */
final class KernelCheck implements Check {
    private static final String NAME = "kernel";

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        Optional<String> failure = patient.kernel().failure();
        return List.of(failure.map(why -> CheckResult.problem(
                        NAME,
                        why,
                        "the agent can neither name nor attach links",
                        "run op-dbus as root, in the host's namespaces"))
                .orElseGet(() -> CheckResult.ok(NAME, "the agent can list and change links")));
    }
}
