// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.show;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.opdbus.ledger.Printable;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/** A plan as a person reads it: what happens step by step, what is written where, and what the way back is. Any thread. */
public final class PlanText {
    private static final String TAB = " ".repeat(8);
    /** A longer argument, such as a script for a shell, is shown by its beginning; the JSON has it whole. */
    private static final int ARGUMENT_LENGTH_MAX = 60;

    private final List<String> lines = new ArrayList<>();

    private PlanText() {}

    /** Returns the lines. Control characters of names and files are escaped; no line has an end of line. */
    public static List<String> of(UplinkPlan plan) {
        PlanText text = new PlanText();
        text.write(plan);
        return text.lines.stream().map(Printable::of).toList();
    }

    private void write(UplinkPlan plan) {
        boolean isOnto = plan.request().direction() == Direction.ONTO;
        lines.add("Move " + plan.request().link() + (isOnto ? " onto the bridge " : " off the bridge ")
                + plan.request().bridge() + ". The network is configured by: " + plan.manager() + ".");
        lines.add("");
        int number = 0;
        for (Step step : plan.steps()) {
            number++;
            step(String.format("%2d. ", number), step);
        }
        lines.add("");
        lines.add(
                "The way back undoes these steps in reverse order. It is taken if a step fails, if a probe fails three times");
        lines.add("in a row, if the host boots, or if you do not confirm it within "
                + plan.request().confirmWithin().toSeconds() + " s.");
        if (!plan.notes().isEmpty()) {
            lines.add("");
            plan.notes().forEach(note -> note("Note: " + note));
        }
    }

    private void note(String note) {
        List<String> parts = List.of(note.split("\n", -1));
        lines.add(parts.get(0));
        parts.stream().skip(1).forEach(part -> lines.add("    " + part));
    }

    private void step(String number, Step step) {
        if (step instanceof Step.PrepareBridge prepare) {
            prepare(number, prepare);
        } else if (step instanceof Step.RestoreBridge restore) {
            restore(number, restore);
        } else if (step instanceof Step.WriteFiles write) {
            lines.add(number + "Write for the next boot:");
            write.files().forEach(this::file);
        } else if (step instanceof Step.RunProgram run) {
            program(number, run);
        } else if (step instanceof Step.WriteSettings write) {
            lines.add(number + "Write settings of the kernel:");
            write.settings()
                    .forEach(setting -> item(setting.path() + ": " + setting.before() + " -> " + setting.after()));
        } else if (step instanceof Step.AttachLink attach) {
            lines.add(number + "Make " + attach.link() + " a port of " + attach.bridge() + ".");
        } else if (step instanceof Step.DetachLink detach) {
            lines.add(number + "Remove the port " + detach.link() + " from " + detach.bridge() + ".");
        } else if (step instanceof Step.MoveNetwork move) {
            network(number, move);
        } else if (step instanceof Step.Announce announce) {
            announce(number, announce);
        } else if (step instanceof Step.Probe probe) {
            probe(number, probe);
        }
    }

    private void item(String text) {
        lines.add("      " + text);
    }

    private void prepare(String number, Step.PrepareBridge step) {
        String kind = step.datapath().isEmpty() ? "" : " with the datapath " + step.datapath();
        lines.add(number
                + (step.creates() ? "Create the bridge " + step.bridge() + kind : "Prepare the bridge " + step.bridge())
                + ": hardware address " + step.mac() + " (that of the link), MTU " + step.mtu() + ", up.");
        step.formerHwaddr().ifPresent(former -> item("its hardware address was set to " + former));
    }

    private void restore(String number, Step.RestoreBridge step) {
        lines.add(
                step.removes()
                        ? number + "Remove the bridge " + step.bridge() + ", which was made for this uplink."
                        : number + "Give the bridge " + step.bridge() + " its own hardware address back"
                                + step.formerHwaddr()
                                        .map(former -> ": " + former)
                                        .orElse("")
                                + (step.formerMtu().isPresent() ? ", and its MTU" : "") + ".");
    }

    private void file(FileChange change) {
        String what = change.before().isEmpty() ? " (new)" : change.after().isEmpty() ? " (removed)" : "";
        item(change.path() + what);
        FileDifference.of(change).forEach(line -> item("  " + line.replace("\t", TAB)));
    }

    private void program(String number, Step.RunProgram step) {
        lines.add(number + "Run a program: " + step.what() + ".");
        item(command(step.arguments()));
        if (!step.undo().isEmpty()) {
            item("way back: " + command(step.undo()));
        }
    }

    private static String command(List<String> arguments) {
        return arguments.stream().map(PlanText::beginning).collect(Collectors.joining(" "));
    }

    private static String beginning(String argument) {
        return argument.codePointCount(0, argument.length()) <= ARGUMENT_LENGTH_MAX
                ? argument
                : argument.substring(0, argument.offsetByCodePoints(0, ARGUMENT_LENGTH_MAX)) + "… (whole with --json)";
    }

    private void network(String number, Step.MoveNetwork step) {
        lines.add(number + "Move from " + step.from() + " to " + step.to()
                + ", without a moment in which an address is missing:");
        step.network().addresses().forEach(address -> item("address " + NetworkWords.of(address)));
        step.network().routes().forEach(route -> item("route " + NetworkWords.of(route)));
        step.network().rules().forEach(rule -> item("rule " + NetworkWords.of(rule)));
    }

    private void announce(String number, Step.Announce step) {
        if (!step.addresses().isEmpty()) {
            lines.add(number + "Tell the neighbours on " + step.link() + " where these are: "
                    + String.join(
                            ", ",
                            step.addresses().stream()
                                    .map(ListedAddress::address)
                                    .toList())
                    + ".");
        } else {
            lines.add(number + "Tell the neighbours nothing: there is no address.");
        }
    }

    private void probe(String number, Step.Probe step) {
        lines.add(
                step.targets().isEmpty()
                        ? number + "Ask no one: there is no router."
                        : number + "Ask over " + step.link() + "; each must answer: "
                                + String.join(
                                        ", ",
                                        step.targets().stream()
                                                .map(PlanText::target)
                                                .toList())
                                + ".");
    }

    /** Returns a target as a person writes it. */
    static String target(ProbeTarget target) {
        if (target instanceof ProbeTarget.Tcp tcp) {
            return "tcp:" + tcp.address() + ":" + tcp.port();
        }
        return target instanceof ProbeTarget.Echo ? "icmp:" + target.address() : target.address();
    }
}
