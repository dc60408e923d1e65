// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import io.reactivex.rxjava3.core.Completable;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.ProxmoxEvent.ProxmoxLost;
import org.opdbus.verticles.kernel.WatchThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches Proxmox VE's configuration files on a thread of its own. */
final class ConfigurationThread {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationThread.class);

    private final ProxmoxOptions options;
    private final Consumer<Event> publish;
    private final ConfigurationTable table = new ConfigurationTable();
    private final WatchThread thread = new WatchThread("op-dbus-proxmox", this::watch, this::wake);
    private volatile @Nullable ConfigurationWatcher watcher;
    /** The last published reason, so that it is published once and not at every attempt. */
    private String complaint = "";

    ConfigurationThread(ProxmoxOptions options, Consumer<Event> publish) {
        this.options = options;
        this.publish = publish;
    }

    Completable start() {
        return thread.start();
    }

    Completable stop() {
        return thread.stop();
    }

    void look(ContainerId id) {
        ConfigurationWatcher current = watcher;
        if (current != null) {
            current.look(id);
        }
    }

    private void wake() {
        ConfigurationWatcher current = watcher;
        if (current != null) {
            current.stop();
        }
    }

    private void watch() {
        try (ConfigurationWatcher current =
                new ConfigurationWatcher(new GuestFolders(options.confDir()), table, publish, options.relistMs())) {
            watcher = current;
            if (!thread.isStopping()) {
                current.run(() -> {
                    complaint = "";
                    thread.arm();
                });
            }
        } catch (IOException | RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(complaint)) {
                LOG.warn("cannot read Proxmox's configuration under {}, trying again: {}", options.confDir(), reason);
                complaint = reason;
                publish.accept(new ProxmoxLost(reason));
            }
            // The agent must start without it too; the reason is published already.
            thread.arm();
        } finally {
            watcher = null;
        }
    }
}
