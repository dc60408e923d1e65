// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.util.List;
import org.opdbus.agent.cli.command.AnyText;
import org.opdbus.agent.cli.command.DescribedCommand;
import org.opdbus.agent.cli.command.OptionText;
import org.opdbus.agent.cli.command.PicocliCommand;

/** The group of commands on a ledger. */
public final class LedgerGroup {
    /** The other name of the group. */
    public static final String ALIAS = "blockchain";

    static final String DIR_NAME = "--dir";
    static final String DIR_LABEL = "DIR";

    /** The option of every command of this group as described commands take it; {@link LedgerCommand} has its help text. */
    public static final OptionText DIR = OptionText.value(DIR_LABEL, new AnyText(), "", DIR_NAME);

    private LedgerGroup() {}

    /** Returns the annotated class of the group. */
    public static Class<?> command() {
        return LedgerCommand.class;
    }

    /** Returns the command that prints the last entries. */
    public static DescribedCommand tail() {
        return new LedgerTailCommand();
    }

    /** Returns the commands of the group, in the order in which the help lists them. */
    public static List<Object> commands() {
        return List.of(
                PicocliCommand.specOf(tail()),
                LedgerShowCommand.class,
                LedgerSearchCommand.class,
                LedgerExportCommand.class,
                LedgerVerifyCommand.class,
                LedgerProveCommand.class,
                LedgerConsistencyCommand.class);
    }
}
