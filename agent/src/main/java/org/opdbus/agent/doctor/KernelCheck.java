// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;
import java.util.Optional;

/** Whether the kernel tells of links and lets them be changed. */
final class KernelCheck implements Check {
    private static final String NAME = "kernel";

    @Override
    public List<Finding> examine(HostSnapshot patient) {
        Optional<String> failure = patient.kernel().failure();
        return List.of(failure.map(why -> Finding.problem(
                        NAME, why, "no link can be named or attached", "run op-dbus as root, in the host's namespaces"))
                .orElseGet(() -> Finding.ok(NAME, "links can be listed and changed")));
    }
}
