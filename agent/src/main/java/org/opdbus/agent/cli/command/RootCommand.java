// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import org.opdbus.agent.cli.output.StandardStreams;

/** The command {@code op-dbus} itself, as its subcommands see it. */
public interface RootCommand {
    /** The options that every command has. */
    Settings settings();

    /** Where results and messages go. */
    StandardStreams streams();
}
