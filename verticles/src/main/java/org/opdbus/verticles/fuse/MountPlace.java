// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opdbus.verticles.fuse.wire.FuseMount;

/** Finds out whether a folder can be mounted on, and clears it of a mount whose server is gone. */
final class MountPlace {
    private static final long ANSWER_LIMIT_S = 5;

    private MountPlace() {}

    /**
     * Returns the folder without symbolic links.
     *
     * @throws IOException with a remedy, if it cannot be mounted on
     */
    static Path prepare(Path folder) throws IOException {
        removeDead(folder);
        Path real;
        try {
            real = folder.toRealPath();
        } catch (NoSuchFileException missing) {
            throw new IOException(
                    "cannot mount on " + folder + ": there is no such folder; create it: mkdir -p " + folder, missing);
        }
        removeDead(real);
        if (!Files.isDirectory(real)) {
            throw new IOException("cannot mount on " + real + ": it is not a folder");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(real)) {
            if (entries.iterator().hasNext()) {
                throw new IOException(
                        "cannot mount on " + real + ": it is not empty, and a mount would hide what is in it");
            }
        }
        return real;
    }

    /** A server that is stopped does not answer, so the look at it must not be waited for. */
    private static void removeDead(Path path) throws IOException {
        CompletableFuture<Boolean> free = new CompletableFuture<>();
        Thread look = new Thread(() -> complete(free, path), "op-dbus-mount-look");
        look.setDaemon(true);
        look.start();
        try {
            if (!free.get(ANSWER_LIMIT_S, TimeUnit.SECONDS)) {
                throw new IOException("cannot mount on " + path
                        + ": op-dbus is mounted there already; end that first (umount " + path + ")");
            }
        } catch (TimeoutException silent) {
            throw new IOException(
                    "cannot mount on " + path + ": op-dbus is mounted there and does not answer; end its process first",
                    silent);
        } catch (ExecutionException failed) {
            throw new IOException("cannot read the mount table: " + failed.getCause(), failed);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", end);
        }
    }

    private static void complete(CompletableFuture<Boolean> free, Path path) {
        try {
            free.complete(FuseMount.removeDead(path.toAbsolutePath().normalize()));
        } catch (IOException | RuntimeException failed) {
            free.completeExceptionally(failed);
        }
    }
}
