// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.ApplyProgressText;
import org.opdbus.agent.cli.output.ApplyReportText;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description = {
            "Changes this host to match the state file: creates, changes, starts and stops "
                    + "containers, and waits until each is enrolled.",
            "Prints a line for each completed change. A second apply of the same file prints "
                    + "nothing and changes nothing.",
            "If a change of a container fails, the next apply continues from there; the other "
                    + "containers are not affected.",
            "apply does not touch containers that the file does not name.",
            "Containers of Docker and Podman and virtual machines are only attached to bridges; an entry for one that does not "
                    + "run applies when it starts."
        },
        exitCodeList = {
            "0:everything matches the file",
            "1:some containers do not match it; each is named with what failed",
            "2:it could not run, and changed nothing: usage, a bad file, no access"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus apply --dry-run", "  op-dbus apply", "  op-dbus apply --prune /root/new-state.json"})
final class ApplyCommand extends HostTask {
    @Mixin
    private final StateFileOptions state = new StateFileOptions();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only print what apply would do.")
    private boolean dryRun;

    @Option(
            names = "--prune",
            description = "Destroy the containers that the state applied last had and this one "
                    + "lacks. No other option destroys a container. Of Docker, Podman and virtual machines "
                    + "only the entries are taken back: what they attached is detached.")
    private boolean prune;

    @Override
    protected int run() {
        AgentConfig config = config();
        JsonNode request = state.request(config).put("prune", prune).put("dryRun", dryRun);
        try (AgentCalls agent = AgentCalls.open(config, dryRun ? Role.OBSERVE : Role.CARRY_OUT);
                ApplyProgressText progress =
                        new ApplyProgressText(out(), err(), streams().errIsTerminal())) {
            return ApplyReportText.tell(agent.call("apply", List.of(request), progress), err());
        }
    }
}
