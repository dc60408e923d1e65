// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.agent.cli.output.FailureText;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.agent.cli.output.VisibleWriter;

/**
 * A call of a described command that can be understood without picocli.
 *
 * @param name the command as the user calls it
 */
public record PlainCall(String name, DescribedCommand command, Arguments given) {
    /**
     * Returns the call that these words are. Empty if they are anything but the names of a described command and its
     * options, each plainly written and with a valid value: then picocli is to parse them, and to say what is wrong.
     */
    public static Optional<PlainCall> of(CommandIndex index, String... words) {
        return new PlainParser(index, words).parse();
    }

    /** Runs the command with these streams and returns the exit status. */
    public int run(StandardStreams streams) {
        VisibleWriter err = new VisibleWriter(streams.err());
        Settings settings = new Settings(given.value(Settings.CONFIG).map(Path::of));
        try {
            return new CommandContext(settings, streams, err).run(command, given);
        } catch (Exception e) {
            return FailureText.tell(e, name, err);
        }
    }
}
