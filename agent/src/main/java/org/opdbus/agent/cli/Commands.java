// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import org.jspecify.annotations.Nullable;

/** What commands share. */
final class Commands {
    private Commands() {}

    /** The settings of the root command, which picocli puts into each command before it is called. */
    static Settings settingsOf(@Nullable CommandLineProgram program) {
        if (program == null) {
            throw new IllegalStateException("a command was called without its parent");
        }
        return program.settings();
    }
}
