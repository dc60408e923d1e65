// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.lab;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code op-dbus lab}. */
@Command(
        name = "lab",
        description = {
            "Keeps labs: networks of machines and containers, each in a network namespace of its own (cloonix_NET) with an Open "
                    + "vSwitch of its own. Needs a running agent. See LABS.md.",
            "",
            "  list [--json]            the labs of this host",
            "  NET start [--empty]      start it as its definition says, or empty",
            "  NET stop                 end everything of it but its definition",
            "  NET remove               end it, and forget its definition",
            "  NET show [--json]        items, endpoints, LANs, and what is wrong",
            "  NET counters [--json]    what each endpoint sent and received",
            "  NET add KIND NAME [KEY=VALUE…]",
            "                           add an item: lxc, docker, kvm, tap, nat, a2b or phy",
            "  NET add lan NAME NUM LAN [tag=VLAN] [trunks=VLAN,…]",
            "                           put an endpoint of an item on a LAN",
            "  NET del lan NAME NUM LAN take it off",
            "  NET del NAME             remove an item",
            "  NET spy NAME NUM on|off  copy what crosses an endpoint to s_k_ID_NUM",
            "  NET shape NAME [delay=20ms] [loss=1%%] [rate=10mbit]",
            "                           change a line of kind a2b, in both",
            "                           directions; what is left out is off",
            "  NET dump                 print the commands that build it again",
            "  NET replay [FILE]        carry out commands, a line each, all or none,",
            "                           of a file or of standard input",
            "  NET vsctl|ofctl|appctl … run ovs-vsctl(8), ovs-ofctl(8) or",
            "                           ovs-appctl(8) on its Open vSwitch",
            "",
            "Keys of kvm: eth= (a letter for each endpoint: s is spied, v is not), ram= (MiB), cpu=, image=, kernel=, initrd=, "
                    + "append=, mac=. Keys of lxc: eth=, mac=, container=, template=. Keys of docker: eth=, mac=, image=, command=. Keys of a2b: eth=, mac=, delay= (ms, s), "
                    + "loss= (%%), rate= (kbit, mbit, gbit); a number without a unit is in milliseconds, in frames of "
                    + "10,000, and in kbit/s."
        },
        exitCodeList = {
            "0:OK: what was asked for is so, and was seen",
            "1:KO: it is not, and the reason is printed",
            "2:it could not be asked for"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus lab nemo start --empty",
            "  op-dbus lab nemo add kvm Cloon1 ram=2000 cpu=2 eth=sss image.qcow2",
            "  op-dbus lab nemo add lan Cloon1 0 lan01",
            "  op-dbus capture --lab nemo _k_1_0 | wireshark -k -i -",
            "  op-dbus lab nemo dump > nemo.lab"
        })
public final class LabCommand extends HostTask {
    private static final String JSON = "--json";

    @Parameters(index = "0", arity = "1", paramLabel = "NET", description = "The name of a lab, or list.")
    private String lab = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "WORD", description = "What to do with it, see above.")
    private List<String> words = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Made by the parser. */
    public LabCommand() {}

    /** Returns the parser of the command: options after the name of the lab belong to what is done with it. */
    public static CommandLine parser() {
        return new CommandLine(LabCommand.class).setStopAtPositional(true);
    }

    @Override
    protected int run() {
        String verb = words.isEmpty() ? "" : words.get(0);
        if (LabTools.isOne(verb)) {
            return LabTools.run(verb, lab, words.subList(1, words.size()), config());
        }
        if (words.contains("--help") || words.contains("-h")) {
            spec.commandLine().usage(spec.commandLine().getOut());
            return ExitStatus.DONE;
        }
        if (verb.isEmpty() && !lab.equals("list")) {
            throw new UsageException(
                    "what is to be done with the lab " + lab + "? Such as: op-dbus lab " + lab + " show");
        }
        ResultStream out = out();
        try (ControlClient agent = ControlClient.require(config().runtime().controlSocket())) {
            return done(new LabCalls(agent, out, err(), lab), verb);
        } finally {
            out.flush();
        }
    }

    private int done(LabCalls calls, String verb) {
        return switch (verb) {
            case "", "list", JSON -> calls.list(flag(JSON));
            case "show" -> calls.show(flag(JSON));
            case "counters" -> calls.counters(flag(JSON));
            case "start" -> calls.start(flag("--empty"));
            case "dump", "stop", "remove" -> {
                most(0);
                yield verb.equals("dump") ? calls.dump() : calls.stop(verb.equals("remove"));
            }
            case "replay" -> {
                most(1);
                yield calls.replay(rest().isEmpty() ? LabCalls.STANDARD_INPUT : rest().get(0));
            }
            default -> calls.change(words);
        };
    }

    /** Returns whether this option is given; nothing else may be. */
    private boolean flag(String option) {
        List<String> others =
                rest().stream().filter(word -> !word.equals(option)).toList();
        if (!others.isEmpty()) {
            throw new UsageException("\"" + others.get(0) + "\" is not expected here");
        }
        return !rest().isEmpty();
    }

    private void most(int count) {
        if (rest().size() > count) {
            throw new UsageException("\"" + rest().get(count) + "\" is not expected here");
        }
    }

    private List<String> rest() {
        return lab.equals("list") && words.equals(List.of(JSON))
                ? words
                : words.subList(Math.min(1, words.size()), words.size());
    }
}
