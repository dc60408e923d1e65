// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.Optional;

/** The name and version of this program. */
public final class Program {
    private Program() {}

    /** Returns the version of the build; {@code development} outside a package. */
    public static String version() {
        return Optional.ofNullable(Program.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
