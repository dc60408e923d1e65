// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import java.util.List;
import org.opdbus.agent.cli.command.DescribedCommand;
import org.opdbus.agent.cli.command.PicocliCommand;

/** The group of commands on single containers. */
public final class ContainerGroup {
    private ContainerGroup() {}

    /** Returns the annotated class of the group. */
    public static Class<?> command() {
        return ContainerCommand.class;
    }

    /** Returns the command that lists the containers. */
    public static DescribedCommand list() {
        return new ContainerListCommand();
    }

    /** Returns the commands of the group, in the order in which the help lists them. */
    public static List<Object> commands() {
        return List.of(
                PicocliCommand.specOf(list()),
                ContainerShowCommand.class,
                ContainerCreateCommand.class,
                ContainerStartCommand.class,
                ContainerStopCommand.class,
                ContainerDestroyCommand.class);
    }
}
