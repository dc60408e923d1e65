// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.Optional;

/** What this program is. */
public final class Program {
    private Program() {}

    /** The version that it was built as; {@code development} outside a package. */
    public static String version() {
        return Optional.ofNullable(Program.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
