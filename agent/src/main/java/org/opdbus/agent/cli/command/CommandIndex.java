// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.util.List;
import java.util.Optional;

/** The described commands by their names. Only the one that is asked for is made. */
public interface CommandIndex {
    /** Returns the command of this name in a group; the group "" is the program itself. */
    Optional<DescribedCommand> find(String group, String name);

    /** Returns the options that all commands of a group have; empty if no described command is in a group of this name. */
    Optional<List<OptionText>> optionsOf(String group);
}
