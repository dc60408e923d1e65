// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import io.reactivex.rxjava3.core.Completable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Event;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.WatchThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the containers of LXC on a thread of its own. */
final class LxcThread {
    private static final Logger LOG = LoggerFactory.getLogger(LxcThread.class);

    private final LxcOptions options;
    private final ListeningSockets.Table sockets;
    private final LiveSockets live;
    private final Consumer<Event> publish;
    private final ContainerTable table;
    private final WatchThread thread = new WatchThread("op-dbus-lxc", this::watch, this::wake);
    private volatile @Nullable LxcWatcher watcher;
    /** The last logged reason, so that the log names it once and not at every attempt. */
    private String complaint = "";

    LxcThread(LxcOptions options, ListeningSockets.Table sockets, LiveSockets live, Consumer<Event> publish) {
        this.options = options;
        this.sockets = sockets;
        this.live = live;
        this.publish = publish;
        this.table = new ContainerTable(options.lxcPath());
    }

    Completable start() {
        return thread.start();
    }

    Completable stop() {
        return thread.stop();
    }

    /** Asks for a look at all sockets, because a container may have started without a trace that names it. */
    void look() {
        LxcWatcher current = watcher;
        if (current != null) {
            current.look();
        }
    }

    private void wake() {
        LxcWatcher current = watcher;
        if (current != null) {
            current.stop();
        }
    }

    private void watch() {
        SocketOwners owners = new SocketOwners(options.lxcPath());
        try (Poller poller = new Poller();
                DefinitionFolder definitions = new DefinitionFolder(Path.of(options.lxcPath()));
                StartHints hints = new StartHints(owners.lxcPaths());
                LxcWatcher current = new LxcWatcher(
                        options,
                        owners,
                        new LxcWatcher.Ears(poller, definitions, hints, sockets),
                        table,
                        live,
                        publish)) {
            watcher = current;
            if (!thread.isStopping()) {
                current.run(thread::arm);
            }
        } catch (IOException | RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(complaint)) {
                LOG.warn("cannot watch the containers under {}, trying again", options.lxcPath(), e);
                complaint = reason;
            }
            publish.accept(new SourceLost(Source.LXC, reason));
            // The agent must start without LXC too; the log has named the reason.
            thread.arm();
        } finally {
            watcher = null;
        }
    }
}
