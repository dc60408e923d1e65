// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;

/** Checks whether this Java is new enough. */
final class JavaCheck implements Check {
    private static final String NAME = "java";
    private static final int FLOOR = 17;

    private final Runtime.Version version;

    JavaCheck(Runtime.Version version) {
        this.version = version;
    }

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        return List.of(
                version.feature() >= FLOOR
                        ? CheckResult.ok(NAME, "Java " + version)
                        : CheckResult.problem(
                                NAME,
                                "Java " + version + " is too old",
                                "op-dbus needs Java " + FLOOR + " or newer",
                                "apt-get install default-jre-headless"));
    }
}
