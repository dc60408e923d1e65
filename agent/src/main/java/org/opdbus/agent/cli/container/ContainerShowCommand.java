// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        description = {
            "Prints everything that the agent knows about one container, as JSON.",
            "A container of Docker or Podman and a virtual machine are found by their names, too."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus container show 100", "  op-dbus container show docker:3f2ab1c9d0e1"})
final class ContainerShowCommand extends ContainerTask {
    @Override
    protected int run() {
        JsonNode container = find();
        if (container.isMissingNode()) {
            container = named();
        }
        ResultStream out = out();
        out.json(JsonText.pretty(container));
        out.flush();
        return ExitStatus.DONE;
    }

    /** Docker, Podman and virtual machines can each have one of the same name. */
    private JsonNode named() {
        List<JsonNode> found = with("name");
        if (found.size() > 1) {
            throw new CannotRunException("there are several of this name: "
                    + String.join(
                            ", ",
                            found.stream().map(each -> each.path("id").asText()).toList()));
        }
        return found.stream().findFirst().orElseThrow(this::notThere);
    }
}
