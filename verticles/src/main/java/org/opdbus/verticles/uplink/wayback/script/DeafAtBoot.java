// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/**
 * The commands that let a link hear again whose settings a boot has applied; pure.
 *
 * <p>A file of sysctl.d(5) of the move onto the bridge has been read before the boot unit removes it, and has made the link deaf. The
 * move writes that file before the step that makes the link deaf, so one of the two steps may have begun without the other.
 *
 * <p>IPv6 stays as it is: the program that configures the network turns it on, and a link with an address of its own before that would
 * count as another program's.
 */
final class DeafAtBoot {
    private static final String SETTINGS_FOLDER = "/etc/sysctl.d/";
    private static final String INDENT = "    ";

    private DeafAtBoot() {}

    /** Returns the commands for a step that writes settings; empty if it writes none of the link. */
    static Optional<String> undo(UplinkPlan plan, int number, Step.WriteSettings step) {
        String ofLink = "/proc/sys/net/ipv4/conf/" + plan.request().link() + "/";
        List<String> commands = step.settings().stream()
                .filter(setting -> setting.path().startsWith(ofLink))
                .filter(setting -> plan.request().direction() == Direction.ONTO)
                .map(DeafAtBoot::setBack)
                .toList();
        if (commands.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        lines.add(ShellText.comment("Step " + number + ", at boot: the files of sysctl.d(5) have been read already"));
        lines.add("if [ -n \"$links_are_new\" ] && { step " + number + orFile(plan) + "; }; then");
        commands.forEach(command -> lines.add(INDENT + command));
        lines.add("fi");
        return Optional.of(INDENT + String.join("\n" + INDENT, lines));
    }

    /** Returns the condition that a step began which writes a file of sysctl.d(5); empty if the plan has none. */
    private static String orFile(UplinkPlan plan) {
        StringBuilder condition = new StringBuilder();
        for (int number = 0; number < plan.steps().size(); number++) {
            if (plan.steps().get(number) instanceof Step.WriteFiles files
                    && files.files().stream().anyMatch(file -> file.path().startsWith(SETTINGS_FOLDER))) {
                condition.append(" || step ").append(number);
            }
        }
        return condition.toString();
    }

    /** Returns the command that gives a setting its former value. */
    static String setBack(Step.Setting setting) {
        return "set_back " + ShellText.quote(setting.path()) + " " + ShellText.quote(setting.before());
    }
}
