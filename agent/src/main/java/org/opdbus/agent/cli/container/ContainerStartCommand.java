// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import picocli.CommandLine.Command;

@Command(
        name = "start",
        description = "Starts a container, and waits until it is enrolled.",
        footerHeading = "%nExample:%n",
        footer = "  op-dbus container start 100")
final class ContainerStartCommand extends ContainerTask {
    @Override
    protected int run() {
        return carryOut("start");
    }
}
