// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;

/**
 * What the command line does, for callers on the bus. Nothing blocks; results come from any thread. A failure's message is for
 * people and says what to do.
 */
public interface HostWork {
    /** Returns the state of all plugins, or the bare state of one, as the JSON of {@code op-dbus query}. */
    Single<String> query(Optional<String> plugin);

    /** Returns what differs between a state and this host, as the JSON of {@code op-dbus diff}. */
    Single<String> diff(DesiredText state);

    /**
     * Makes this host like a state.
     *
     * @param progress takes a line for each step, from any thread
     * @return the report, as the JSON of the control socket: {@code {"created": […], "changed": […], "destroyed": […],
     *     "unchanged": N, "failed": [{"container", "step", "message", "remedy"}]}}
     */
    Single<Report> apply(DesiredText state, Wish wish, Consumer<String> progress);

    /** Starts a container. */
    Completable start(ContainerId container);

    /** Stops a container. */
    Completable stop(ContainerId container);

    /** Destroys a container and its files. */
    Completable destroy(ContainerId container);

    /** Applies the configured state file, as SIGHUP does. It ends before the work does. */
    Completable reload();

    /** Returns the configured state file. */
    Path stateFile();

    /**
     * A state file's content.
     *
     * @param source where it comes from, for messages
     */
    record DesiredText(String source, String text) {}

    /**
     * How a state is applied.
     *
     * @param dryRun only says what would be done
     * @param prune destroys containers that the state does not name
     */
    record Wish(boolean dryRun, boolean prune) {}

    /**
     * What came of it.
     *
     * @param failures how many containers are not as the state wants them
     */
    record Report(String json, int failures) {}
}
