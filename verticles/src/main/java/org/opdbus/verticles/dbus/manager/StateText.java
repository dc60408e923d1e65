// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.opdbus.verticles.dbus.service.Caller;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.work.HostWork.DesiredText;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * Reads the state files that callers name. The agent is root, so a caller who is not may name only a file of his own, or the
 * configured state file: errors about a file show parts of it.
 */
final class StateText {
    private static final int BYTES_MAX = 16 << 20;

    private final Path configured;
    private final Scheduler files;

    /**
     * Creates a reader.
     *
     * @param files where reading may wait
     */
    StateText(Path configured, Scheduler files) {
        this.configured = configured;
        this.files = files;
    }

    /**
     * Returns the content of a file.
     *
     * @param path an absolute path; empty for the configured state file
     */
    Single<DesiredText> read(Caller caller, String path) {
        return Single.fromCallable(() -> text(caller, path)).subscribeOn(files);
    }

    private DesiredText text(Caller caller, String path) {
        Path file = path.isEmpty() ? configured : Path.of(path);
        if (!file.isAbsolute()) {
            throw BusErrorException.standard("InvalidArgs", "the path of a state file must begin with a slash");
        }
        try (RegularFile opened = RegularFile.open(file)) {
            boolean mayRead = caller.isRoot()
                    || file.equals(configured)
                    || Integer.toUnsignedLong(opened.facts().uid()) == caller.uid();
            if (!mayRead) {
                throw BusErrorException.standard(
                        "AccessDenied", "you may name a file of your own, or the configured state file");
            }
            return new DesiredText(file.toString(), new String(opened.read(BYTES_MAX), StandardCharsets.UTF_8));
        } catch (IOException e) {
            if (!caller.isRoot()) {
                throw BusErrorException.standard("Failed", "the state file cannot be read");
            }
            throw BusErrorException.standard("Failed", "the state file cannot be read: " + e.getMessage());
        }
    }
}
