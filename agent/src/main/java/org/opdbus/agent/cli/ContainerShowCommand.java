// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        description = "Prints everything that the agent knows about one container, as JSON.",
        footerHeading = "%nExample:%n",
        footer = "  op-dbus container show 100")
final class ContainerShowCommand extends ContainerTask {
    @Override
    int run() {
        JsonNode container = find();
        if (container.isMissingNode()) {
            throw notThere();
        }
        ResultStream out = out();
        out.json(JsonText.pretty(container));
        out.flush();
        return CommandLineProgram.DONE;
    }
}
