// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

/**
 * A command that is described in code and not by annotations, so that {@link PlainCall} can run it without picocli. These
 * are the commands that are run often, and the agent itself: to load picocli and to read annotations takes as long as all
 * else that they do.
 */
public interface DescribedCommand {
    /** Returns its description; always the same. */
    CommandText text();

    /**
     * Carries out the command and returns the exit status.
     *
     * @param given its own options and those of its group
     */
    int run(CommandContext context, Arguments given) throws Exception;
}
