// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import com.fasterxml.jackson.databind.JsonNode;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        description = "Prints everything that the agent knows about one container, as JSON.",
        footerHeading = "%nExample:%n",
        footer = "  op-dbus container show 100")
final class ContainerShowCommand extends ContainerTask {
    @Override
    protected int run() {
        JsonNode container = find();
        if (container.isMissingNode()) {
            throw notThere();
        }
        ResultStream out = out();
        out.json(JsonText.pretty(container));
        out.flush();
        return ExitStatus.DONE;
    }
}
