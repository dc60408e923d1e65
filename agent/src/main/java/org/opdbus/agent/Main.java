// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import org.opdbus.agent.cli.CommandLineProgram;

/** The program {@code op-dbus}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        int status = CommandLineProgram.execute(arguments);
        System.exit(status);
    }
}
