// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import io.reactivex.rxjava3.core.Completable;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Event;
import org.opdbus.verticles.kernel.WatchThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the virtual machines of this host on a thread of its own. */
final class MachineThread {
    private static final Logger LOG = LoggerFactory.getLogger(MachineThread.class);

    private final TapLinks links;
    private final QemuProcesses processes;
    private final Consumer<Event> publish;
    private final MachineTable table = new MachineTable();
    private final WatchThread thread = new WatchThread("op-dbus-vm", this::watch, this::wake);
    private volatile @Nullable MachineWatcher watcher;
    /** The last logged reason, so that the log names it once and not at every attempt. */
    private String complaint = "";

    MachineThread(TapLinks links, QemuProcesses processes, Consumer<Event> publish) {
        this.links = links;
        this.processes = processes;
        this.publish = publish;
    }

    Completable start() {
        return thread.start();
    }

    Completable stop() {
        return thread.stop();
    }

    /** Says that something has happened to a tap. For any thread. */
    void look() {
        MachineWatcher current = watcher;
        if (current != null) {
            current.look();
        }
    }

    private void wake() {
        MachineWatcher current = watcher;
        if (current != null) {
            current.stop();
        }
    }

    private void watch() {
        try (MachineWatcher current = new MachineWatcher(links, processes, table, publish)) {
            watcher = current;
            thread.arm();
            if (!thread.isStopping()) {
                current.run();
            }
        } catch (IOException | RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(complaint)) {
                LOG.warn("cannot watch the virtual machines of this host, trying again", e);
                complaint = reason;
            }
            publish.accept(new SourceLost(Source.VM, reason));
        } finally {
            watcher = null;
        }
    }
}
