// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import picocli.CommandLine.Command;

@Command(
        name = "stop",
        description = "Stops a container, and waits until its links are gone from the bridges.",
        footerHeading = "%nExample:%n",
        footer = "  op-dbus container stop 100")
final class ContainerStopCommand extends ContainerTask {
    @Override
    protected int run() {
        return carryOut("stop");
    }
}
