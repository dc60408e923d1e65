// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import org.jspecify.annotations.Nullable;

/** What commands share. */
final class Commands {
    private Commands() {}

    /** The settings of the root command. */
    static Settings settingsOf(@Nullable CommandLineProgram program) {
        return parent(program).settings();
    }

    /** The command that a command belongs to, which picocli puts into it before it is called. */
    static <C> C parent(@Nullable C command) {
        if (command == null) {
            throw new IllegalStateException("a command was called without its parent");
        }
        return command;
    }
}
