// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of the program in the man(7) language, made from the {@code --help} texts. */
final class ManPage {
    private static final int EXAMPLE_INDENT = 4;

    private final StringBuilder page = new StringBuilder();

    /** Returns the whole page. */
    static String of(CommandSpec program) {
        ManPage made = new ManPage();
        made.write(program);
        return made.page.toString();
    }

    private void write(CommandSpec program) {
        page.append(".\\\" Generated from the help texts of the program. Do not edit.\n");
        page.append(".TH OP\\-DBUS 1 \"\" \"op\\-dbus\" \"System Administration\"\n.nh\n.ad l\n");
        section("NAME");
        page.append("op\\-dbus \\- enrols LXC containers into Open vSwitch bridges automatically, and "
                + "records it in a ledger\n");
        section("SYNOPSIS");
        page.append(".B op\\-dbus\n[\\-\\-config \\fIFILE\\fR] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n");
        section("DESCRIPTION");
        paragraphs(program.usageMessage().description());
        section("OPTIONS");
        options(program, false);
        section("COMMANDS");
        commands(program, "");
        section("EXIT STATUS");
        exitStatus(program);
        section("FILES");
        item("/etc/op\\-dbus/op\\-dbus.json", "The configuration.");
        item("/etc/op\\-dbus/state.json", "The desired state.");
        item("/run/op\\-dbus/control.sock", "The control socket of the agent; for root only.");
        item("/run/op\\-dbus/nonnet.db.sock", "The read-only database; see ovsdb-client(1).");
        item("/var/lib/op\\-dbus/ledger", "The ledger.");
        section("ENVIRONMENT");
        item("OP_DBUS_CONFIG", "The configuration file, if \\-\\-config is not given.");
        item("OP_DBUS_LOG_LEVEL", "The log level of standard error: ERROR, WARN, INFO or DEBUG.");
        item("OP_DBUS_JAVA, OP_DBUS_JAVA_OPTS", "The java program to use, and additional options " + "for it.");
        item("NO_COLOR", "If set, the output has no colours.");
        section("SEE ALSO");
        page.append("ovs\\-vsctl(8), ovsdb\\-client(1), lxc(7), ip\\-link(8)\n");
    }

    private void commands(CommandSpec parent, String path) {
        Map<String, CommandLine> sorted = new TreeMap<>();
        parent.subcommands().values().forEach(one -> sorted.put(one.getCommandName(), one));
        sorted.forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            String full = path + name;
            if (!spec.usageMessage().hidden() && spec.subcommands().isEmpty()) {
                page.append(".SS ").append(roff("op-dbus " + full)).append('\n');
                page.append(".B ").append(roff(synopsis(command))).append("\n.PP\n");
                paragraphs(spec.usageMessage().description());
                options(spec, true);
                examples(spec);
            }
            commands(spec, full + " ");
        });
    }

    private static String synopsis(CommandLine command) {
        String text = new Help(command.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0);
        return text.strip().replaceAll("\\s+", " ");
    }

    private void options(CommandSpec spec, boolean ownOnly) {
        List<ArgSpec> arguments = new ArrayList<>();
        spec.positionalParameters().stream().filter(one -> !one.hidden()).forEach(arguments::add);
        spec.options().stream()
                .filter(option -> !option.hidden() && !(ownOnly && (option.inherited() || isStandard(option))))
                .forEach(arguments::add);
        for (ArgSpec argument : arguments) {
            item(roff(label(argument)), roff(String.join(" ", argument.description())));
        }
    }

    private static boolean isStandard(OptionSpec option) {
        return option.usageHelp() || option.versionHelp();
    }

    private static String label(ArgSpec argument) {
        if (argument instanceof PositionalParamSpec positional) {
            return positional.paramLabel();
        }
        OptionSpec option = (OptionSpec) argument;
        boolean takesValue = option.arity().max() > 0;
        return String.join(", ", option.names()) + (takesValue ? " " + option.paramLabel() : "");
    }

    private void exitStatus(CommandSpec spec) {
        spec.usageMessage().exitCodeList().forEach((code, meaning) -> item(roff(code), roff(meaning)));
    }

    private void examples(CommandSpec spec) {
        String[] footer = spec.usageMessage().footer();
        if (footer.length > 0) {
            page.append(".PP\nFor example:\n.PP\n.nf\n.RS ")
                    .append(EXAMPLE_INDENT)
                    .append('\n');
            for (String line : footer) {
                page.append(roff(line.strip())).append('\n');
            }
            page.append(".RE\n.fi\n");
        }
    }

    private void section(String name) {
        page.append(".SH ").append(name).append('\n');
    }

    /** A line is a paragraph. Indented lines that follow one another are a table, whose lines stay as they are. */
    private void paragraphs(String... lines) {
        boolean inTable = false;
        for (String line : lines) {
            boolean isOfTable = line.startsWith(" ");
            if (isOfTable != inTable) {
                page.append(isOfTable ? ".nf\n" : ".fi\n");
                inTable = isOfTable;
            }
            page.append(roff(line)).append(isOfTable ? "\n" : "\n.PP\n");
        }
        page.append(inTable ? ".fi\n" : "");
    }

    private void item(String tag, String text) {
        page.append(".TP\n.B ").append(tag).append('\n').append(text).append('\n');
    }

    /**
     * Escapes everything that roff would interpret (groff_char(7)). A line must not begin with a
     * dot or a quote.
     */
    private static String roff(String text) {
        String plain = CommandLine.Help.Ansi.OFF.string(text).replace("%n", " ").replace("%%", "%");
        String escaped = plain.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }
}
