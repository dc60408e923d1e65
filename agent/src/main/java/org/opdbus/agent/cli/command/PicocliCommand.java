// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/**
 * A described command as picocli runs it, made from the same description: for help, the manual page, completion, errors, and
 * every call that is not a {@link PlainCall}.
 */
public final class PicocliCommand implements Callable<Integer> {
    private final DescribedCommand command;
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    private PicocliCommand(DescribedCommand command) {
        this.command = command;
    }

    /** Returns the description of a command in the form that picocli needs. */
    public static CommandSpec specOf(DescribedCommand command) {
        PicocliCommand made = new PicocliCommand(command);
        made.describe(command.text());
        return made.spec;
    }

    private void describe(CommandText text) {
        List<String> names = text.names();
        spec.name(names.get(0)).aliases(names.subList(1, names.size()).toArray(String[]::new));
        spec.usageMessage().description(text.description().toArray(String[]::new));
        if (!text.examples().isEmpty()) {
            spec.usageMessage()
                    .footerHeading("%nExamples:%n")
                    .footer(text.examples().toArray(String[]::new));
        }
        for (OptionText option : text.options()) {
            spec.addOption(specOf(option));
        }
    }

    private static OptionSpec specOf(OptionText option) {
        OptionSpec.Builder made =
                OptionSpec.builder(option.names().toArray(String[]::new)).description(option.description());
        if (!option.takesValue()) {
            return made.type(boolean.class).build();
        }
        made.paramLabel(option.label()).converters(new Checked(option.form()));
        return option.isList()
                ? made.type(List.class)
                        .auxiliaryTypes(String.class)
                        .splitRegex(",")
                        .build()
                : made.type(String.class).build();
    }

    @Override
    public Integer call() throws Exception {
        RootCommand program = (RootCommand) spec.root().userObject();
        return new CommandContext(
                        program.settings(),
                        program.streams(),
                        spec.commandLine().getErr())
                .run(command, given());
    }

    /** Returns the options that picocli has found for this command, its group and the program. */
    public Arguments given() {
        Arguments given = new Arguments();
        for (CommandSpec each = spec; each != null; each = each.parent()) {
            add(each.commandLine().getParseResult(), given);
        }
        return given;
    }

    private static void add(ParseResult parsed, Arguments given) {
        for (OptionSpec option : parsed.matchedOptions()) {
            boolean isFlag = option.arity().max() == 0;
            if (isFlag && Boolean.FALSE.equals(option.getValue())) {
                // As in --json=false.
                continue;
            }
            OptionText named = new OptionText(
                    List.of(option.names()), option.paramLabel(), "", new AnyText(), option.isMultiValue());
            given.add(named, isFlag ? List.of() : option.stringValues());
        }
    }

    /** Has picocli report a text that is not of the option's form. */
    private record Checked(ValueForm form) implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            try {
                form.check(value);
                return value;
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }
}
