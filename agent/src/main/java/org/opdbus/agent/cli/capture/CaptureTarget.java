// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.capture;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.ledger.Printable;

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
        } catch (InvalidPathException e) {
            throw new CannotRunException("this is no name of a file: " + Printable.of(file), e);
        } catch (IOException e) {
            throw new CannotRunException("cannot write " + Printable.of(file) + ": " + reason(Path.of(file), e), e);
        }
    }

    /** Says what is wrong and what to do. */
    private static String reason(Path file, IOException failure) {
        Path folder = file.toAbsolutePath().getParent();
        if (failure instanceof NoSuchFileException && folder != null) {
            String shown = Printable.of(folder.toString());
            return "there is no folder " + shown + "; make it with mkdir -p " + shown + ", or name another file";
        }
        if (Files.isSymbolicLink(file)) {
            return "it is a symbolic link, which is not followed; name the file itself";
        }
        if (Files.isDirectory(file)) {
            return "it is a folder; name a file in it";
        }
        return failure instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : String.valueOf(failure.getMessage());
    }
}
