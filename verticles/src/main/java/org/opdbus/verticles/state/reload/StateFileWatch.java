// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state.reload;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import java.util.Objects;
import org.opdbus.verticles.files.WriteWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports writes of the state file, on a thread of its own, until it is closed. */
public final class StateFileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");

    private final WriteWatch watch;

    private StateFileWatch(WriteWatch watch) {
        this.watch = watch;
    }

    /** Begins to watch. The folder must exist, the file need not. */
    public static StateFileWatch of(Path file, Runnable written) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
        Path name = Objects.requireNonNull(file.getFileName());
        return new StateFileWatch(WriteWatch.of(
                "op-dbus-state-file",
                List.of(folder),
                event -> event.kind() != StandardWatchEventKinds.ENTRY_DELETE && name.equals(event.context()),
                () -> {
                    LOG.info("the state file was written; the agent applies it");
                    written.run();
                }));
    }

    @Override
    public void close() {
        watch.close();
    }
}
