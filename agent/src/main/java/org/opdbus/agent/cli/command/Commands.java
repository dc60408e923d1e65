// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import org.jspecify.annotations.Nullable;

/** Functions that several commands use. */
public final class Commands {
    private Commands() {}

    /** Returns the settings of the root command. */
    public static Settings settingsOf(@Nullable RootCommand program) {
        return parent(program).settings();
    }

    /** Returns the parent of a command, which picocli sets before it calls the command. */
    public static <C> C parent(@Nullable C command) {
        if (command == null) {
            throw new IllegalStateException("a command was called without its parent");
        }
        return command;
    }
}
