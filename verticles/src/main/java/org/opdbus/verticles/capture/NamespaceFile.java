// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.opdbus.verticles.kernel.Inotify;

/** The file by which a network namespace has its name (ip-netns(8)), watched for its removal. For one thread. */
final class NamespaceFile implements AutoCloseable {
    private final Path file;
    private final Inotify inotify;

    private NamespaceFile(Path file, Inotify inotify) {
        this.file = file;
        this.inotify = inotify;
    }

    /** Watches the folder of the file from now on. */
    static NamespaceFile watch(Path file) throws IOException {
        NamespaceFile made = new NamespaceFile(file, new Inotify());
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder == null
                    || made.inotify
                            .watch(folder.toString(), Inotify.DELETE | Inotify.MOVED_FROM)
                            .isEmpty()) {
                throw new CaptureFailure("there is no network namespace " + made.name());
            }
            return made;
        } catch (IOException | CaptureFailure e) {
            made.close();
            throw e;
        }
    }

    /** Returns a descriptor that is readable when a file of the folder was removed. */
    int fd() {
        return inotify.fd();
    }

    String name() {
        return String.valueOf(file.getFileName());
    }

    /** Returns whether the file is not there any more. */
    boolean isGone() {
        List<Inotify.Happening> unused = inotify.read();
        return Files.notExists(file);
    }

    @Override
    public void close() {
        inotify.close();
    }
}
