// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.opdbus.agent.Role;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description = {
            "Makes this host as the state file wants it: creates, changes, starts and stops containers, and waits until"
                    + " each is enrolled.",
            "Prints a line for each thing that becomes true. Applied again, it prints nothing and changes nothing.",
            "A container for which something fails stays as it was, or the next apply goes on from there; the others go on.",
            "Containers that the file does not name are not touched."
        },
        exitCodeList = {
            "0:everything is as the file wants it",
            "1:it is not so for some containers, each named with what failed",
            "2:it could not run, and nothing was done: usage, a bad file, no access"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus apply --dry-run", "  op-dbus apply", "  op-dbus apply --prune /root/new-state.json"})
final class ApplyCommand extends HostTask {
    @Mixin
    private final StateFileOptions state = new StateFileOptions();

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only say what would be done.")
    private boolean dryRun;

    @Option(
            names = "--prune",
            description = "Destroy the containers that the state applied last had and this one lacks. Nothing else ever"
                    + " destroys a container.")
    private boolean prune;

    @Override
    int run() {
        AgentConfig config = config();
        JsonNode request = state.request(config).put("prune", prune).put("dryRun", dryRun);
        try (AgentCalls agent = AgentCalls.open(config, dryRun ? Role.OBSERVE : Role.CARRY_OUT);
                ApplyProgressText progress =
                        new ApplyProgressText(out(), err(), streams().errIsTerminal())) {
            return ApplyReportText.tell(agent.call("apply", List.of(request), progress), err());
        }
    }
}
