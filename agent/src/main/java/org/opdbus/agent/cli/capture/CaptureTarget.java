// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.capture;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.StandardStreams;

/**
 * Where a capture is written.
 *
 * @param channel what takes the bytes
 * @param isPipe whether a program reads them, which may end before the capture does
 */
record CaptureTarget(WritableByteChannel channel, boolean isPipe) {
    private static final Set<OpenOption> OPTIONS = Set.of(
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);

    /**
     * Opens a file, which is readable by its owner only if it is new; {@code -} is standard output. A symbolic link in the file's
     * place is refused: in a folder that other users can write, it could lead to any file.
     */
    static CaptureTarget of(String file, StandardStreams streams) {
        if (file.equals("-")) {
            return new CaptureTarget(
                    streams.out() instanceof FileOutputStream own
                            ? own.getChannel()
                            : Channels.newChannel(streams.out()),
                    streams.outIsPipe());
        }
        try {
            return new CaptureTarget(
                    FileChannel.open(
                            Path.of(file),
                            OPTIONS,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                    false);
        } catch (IOException | InvalidPathException e) {
            throw new CannotRunException(
                    "cannot write " + file + ": " + e + "; a symbolic link is not followed: name the file itself", e);
        }
    }
}
