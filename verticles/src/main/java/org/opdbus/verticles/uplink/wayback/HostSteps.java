// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.files.AtomicFile;
import org.opdbus.verticles.kernel.RegularFile;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.StepWork;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/**
 * Carries out {@link Step.WriteFiles} and {@link Step.RunProgram}. A file is replaced as a whole, and only if it still is what it
 * was when the plan was made. A program gets a minute.
 */
public final class HostSteps implements StepWork {
    private static final Duration PROGRAM_MAX = Duration.ofMinutes(1);

    private final CommandRunner runner;

    /** Creates it; the runner runs the programs. */
    public HostSteps(CommandRunner runner) {
        this.runner = runner;
    }

    /** Returns whether this class carries out such steps. */
    public static boolean isOwn(Step step) {
        return step instanceof Step.WriteFiles || step instanceof Step.RunProgram;
    }

    @Override
    public void perform(String move, Step step) {
        if (step instanceof Step.WriteFiles write) {
            write.files().forEach(HostSteps::write);
        } else if (step instanceof Step.RunProgram program) {
            run(program);
        } else {
            throw new IllegalArgumentException("another class carries out " + step);
        }
    }

    private static void write(FileChange change) {
        Path file = Path.of(change.path());
        try {
            byte @Nullable [] now = content(file);
            if (!is(now, change.after())) {
                if (!is(now, change.before())) {
                    throw new UplinkFailure(
                            file + " was changed since the plan was made, and is left as it is; make the move again");
                }
                replace(file, change);
            }
            if (change.before().isEmpty() && change.after().isPresent()) {
                Files.setPosixFilePermissions(file, permissions(change.mode()));
                MoveStore.sync(file);
            }
        } catch (IOException failure) {
            throw new UplinkFailure("cannot write " + file + ": " + failure, failure);
        }
    }

    private static byte @Nullable [] content(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new UplinkFailure(file + " is not a regular file, and is left as it is");
        }
        return RegularFile.readIfExists(file, MovePreparation.FILE_BYTES_MAX).orElse(null);
    }

    private static boolean is(byte @Nullable [] now, Optional<String> wanted) {
        return wanted.isPresent() ? Arrays.equals(now, wanted.get().getBytes(StandardCharsets.UTF_8)) : now == null;
    }

    private static void replace(Path file, FileChange change) throws IOException {
        Path folder = file.resolveSibling("");
        if (change.after().isPresent()) {
            Files.createDirectories(folder);
            AtomicFile.replace(file, change.after().get().getBytes(StandardCharsets.UTF_8));
        } else {
            Files.deleteIfExists(file);
            MoveStore.sync(folder);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        // They are in the order of the mode's bits, from the owner's right to read to the others' right to execute.
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & (1 << (all.length - 1 - bit))) != 0) {
                permissions.add(all[bit]);
            }
        }
        return permissions;
    }

    private void run(Step.RunProgram program) {
        Command command = Command.of(PROGRAM_MAX, program.arguments());
        CommandResult result;
        try {
            result = runner.run(command).blockingGet();
        } catch (RuntimeException failure) {
            String why =
                    failure.getCause() instanceof DriverException reason ? reason.getMessage() : failure.getMessage();
            throw new UplinkFailure("could not " + program.what() + ": " + why, failure);
        }
        if (!result.succeeded()) {
            throw new UplinkFailure("could not " + program.what() + ": \"" + command + "\" "
                    + (result.timedOut()
                            ? "did not end within " + PROGRAM_MAX.toSeconds() + " s"
                            : "ended with " + result.exit())
                    + (result.said().isEmpty() ? "" : ": " + result.said()));
        }
    }
}
