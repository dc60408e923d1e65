// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback.script;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/** The commands that undo each step of a plan; pure. They call the functions of {@code undo.sh}. */
final class UndoSteps {
    private static final String INDENT = "    ";

    private final UplinkPlan plan;

    UndoSteps(UplinkPlan plan) {
        this.plan = plan;
    }

    /** Returns the undo of all steps, from the last one to the first. */
    String all() {
        List<String> pieces = new ArrayList<>();
        for (int number = 0; number < plan.steps().size(); number++) {
            Step step = plan.steps().get(number);
            boolean isFiles = step instanceof Step.WriteFiles;
            piece(number, step, commands(step), !isFiles && !(step instanceof Step.AttachLink))
                    .ifPresent(pieces::add);
            if (step instanceof Step.WriteSettings settings) {
                // The last ones: until the files are back, an event of a link applies them again.
                DeafAtBoot.undo(plan, number, settings).ifPresent(piece -> pieces.add(0, piece));
            }
        }
        return joined(pieces);
    }

    /** Returns the undo of the steps that write files, from the last one to the first. */
    String files() {
        List<String> pieces = new ArrayList<>();
        for (int number = 0; number < plan.steps().size(); number++) {
            if (plan.steps().get(number) instanceof Step.WriteFiles step) {
                piece(number, step, restore(step), false).ifPresent(pieces::add);
            }
        }
        return joined(pieces);
    }

    private static String joined(List<String> pieces) {
        Collections.reverse(pieces);
        return String.join("\n", pieces);
    }

    private static Optional<String> piece(int number, Step step, List<String> commands, boolean isForRunningHost) {
        if (commands.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        lines.add(ShellText.comment("Step " + number + ": " + step.title()));
        boolean needsLinks = isForRunningHost && needsLinks(step);
        lines.add("if " + (needsLinks ? "[ -z \"$links_are_new\" ] && " : "") + "step " + number + "; then");
        commands.forEach(command -> lines.add(INDENT + command));
        lines.add(INDENT + "undone " + number);
        lines.add("fi");
        return Optional.of(INDENT + String.join("\n" + INDENT, lines));
    }

    /** At boot the links, their settings and addresses are new, and programs that use them are not there yet. */
    private static boolean needsLinks(Step step) {
        return step instanceof Step.MoveNetwork
                || step instanceof Step.WriteSettings
                || step instanceof Step.RunProgram;
    }

    private List<String> commands(Step step) {
        if (step instanceof Step.PrepareBridge prepare) {
            return unprepare(prepare);
        }
        if (step instanceof Step.WriteFiles files) {
            return restore(files);
        }
        if (step instanceof Step.RunProgram program) {
            return program.undo().isEmpty()
                    ? List.of()
                    : List.of(
                            "run_program " + ShellText.quote(program.what()) + " " + ShellText.command(program.undo()));
        }
        if (step instanceof Step.WriteSettings settings) {
            return reversed(settings.settings()).stream()
                    .map(DeafAtBoot::setBack)
                    .toList();
        }
        if (step instanceof Step.AttachLink attach) {
            return List.of("remove_port " + ShellText.quote(attach.link()) + " " + ShellText.json(attach.link()));
        }
        if (step instanceof Step.DetachLink detach) {
            return List.of("add_port " + ShellText.quote(detach.link()) + " " + ShellText.json(detach.link()) + " "
                    + ShellText.json(detach.bridge())
                    + detach.vlans().map(vlans -> " " + ShellText.quote(vlans)).orElse(""));
        }
        if (step instanceof Step.RestoreBridge restore) {
            return bridgeAgain(restore);
        }
        return step instanceof Step.MoveNetwork move ? network(move) : List.of();
    }

    private static List<String> unprepare(Step.PrepareBridge step) {
        if (step.creates()) {
            return List.of("remove_bridge " + ShellText.quote(step.bridge()) + " " + ShellText.json(step.bridge()));
        }
        String name = ShellText.json(step.bridge());
        List<String> commands = new ArrayList<>();
        step.formerMtu().ifPresent(mtu -> commands.add("change_mtu " + name + " " + step.mtu() + " " + mtu));
        commands.add("restore_hwaddr " + name + " " + ShellText.json(step.mac())
                + step.formerHwaddr().map(mac -> " " + ShellText.json(mac)).orElse(" ''"));
        return commands;
    }

    private static List<String> bridgeAgain(Step.RestoreBridge step) {
        String name = ShellText.json(step.bridge());
        String mac = ShellText.json(step.mac());
        if (step.removes()) {
            return List.of("make_bridge " + ShellText.quote(step.bridge()) + " " + name + " "
                    + ShellText.json(step.datapath()) + " " + mac + " " + step.mtu());
        }
        List<String> commands = new ArrayList<>();
        step.formerMtu().ifPresent(mtu -> commands.add("change_mtu " + name + " " + mtu + " " + step.mtu()));
        commands.add("renew_hwaddr " + name + " " + mac);
        return commands;
    }

    private List<String> restore(Step.WriteFiles step) {
        List<String> commands = new ArrayList<>();
        List<FileChange> all = UndoScript.files(plan);
        for (FileChange change : step.files()) {
            commands.add("restore_file " + all.indexOf(change) + " " + ShellText.quote(change.path())
                    + (change.before().isPresent() ? " was-there" : " was-absent"));
        }
        Collections.reverse(commands);
        return commands;
    }

    /** The giver keeps everything if the former owner could not get everything. */
    private List<String> network(Step.MoveNetwork step) {
        List<String> lines = new ArrayList<>();
        lines.add(ShellText.comment("First " + step.from() + " gets everything; then " + step.to() + " loses it."));
        if (plan.request().direction() == Direction.BACK) {
            lines.add(ShellText.comment("Unless the bridge works again, the addresses stay where they are."));
            lines.add("[ -z \"$unfinished\" ] || return 0");
        }
        give(step, lines);
        lines.add("if [ -z \"$failed\" ]; then");
        take(step).forEach(line -> lines.add(INDENT + "try " + line));
        lines.add(INDENT + ":");
        lines.add("fi");
        return lines;
    }

    private static void give(Step.MoveNetwork step, List<String> lines) {
        lines.add("give " + IpCommands.Words.of("ip", "link", "set", "dev", step.from(), "up"));
        for (ListedAddress address : kept(step)) {
            lines.add("give "
                    + IpCommands.address(address, step.from(), step.network().routes(), IpCommands.isTested(address)));
        }
        for (ListedRoute route : step.network().routes()) {
            lines.add("give " + IpCommands.route("append", route.forAnotherLink(), index(step), step.from()));
        }
        for (ListedRule rule : step.network().rules()) {
            lines.add("give " + IpCommands.rule("add", rule, step.from(), step.from()));
        }
        List<ListedAddress> tested =
                kept(step).stream().filter(IpCommands::isTested).toList();
        if (!tested.isEmpty()) {
            lines.add(ShellText.comment("The addresses are in use; now they get their own flags."));
            tested.forEach(address -> lines.add("try "
                    + IpCommands.address(address, step.from(), step.network().routes(), false)));
        }
    }

    private static List<String> take(Step.MoveNetwork step) {
        List<String> lines = new ArrayList<>();
        for (ListedRule rule : step.network().rules()) {
            lines.add(IpCommands.rule("del", rule, step.from(), step.to()).toString());
        }
        for (ListedRoute route : reversed(step.network().routes())) {
            lines.add(IpCommands.route("del", route, index(step), step.to()).toString());
            if (!route.equals(route.forAnotherLink())) {
                lines.add(IpCommands.route("del", route.forAnotherLink(), index(step), step.to())
                        .toString());
            }
        }
        // Further addresses of a network go with the first one of it, so they go before it.
        for (ListedAddress address : reversed(step.network().addresses())) {
            lines.add(IpCommands.withoutAddress(address, step.to()).toString());
        }
        return lines;
    }

    private static List<ListedAddress> kept(Step.MoveNetwork step) {
        return step.network().addresses().stream()
                .filter(address -> !IpCommands.isTemporary(address))
                .toList();
    }

    /** Returns the index of the link that the network was on when the plan was made. */
    private static int index(Step.MoveNetwork step) {
        return step.network().addresses().stream()
                .map(ListedAddress::index)
                .findFirst()
                .orElseGet(() -> step.network().routes().stream()
                        .flatMap(route -> route.nextHops().stream())
                        .map(ListedRoute.NextHop::index)
                        .findFirst()
                        .orElse(0));
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }
}
