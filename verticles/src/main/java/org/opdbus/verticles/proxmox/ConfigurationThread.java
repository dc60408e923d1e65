// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.ProxmoxEvent.ProxmoxLost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that watches. When watching fails, it begins again after a growing pause. */
final class ConfigurationThread {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationThread.class);
    private static final long PAUSE_MIN_MS = 100;
    private static final long PAUSE_MAX_MS = 30_000;

    private final ProxmoxOptions options;
    private final Consumer<Event> publish;
    private final ConfigurationTable table = new ConfigurationTable();
    private final CompletableSubject armed = CompletableSubject.create();
    private final CompletableSubject ended = CompletableSubject.create();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watchUntilStopped, "op-dbus-proxmox");
    private volatile @Nullable ConfigurationWatcher watcher;
    /** The last published reason, so that it is published once and not at every attempt. */
    private String complaint = "";

    ConfigurationThread(ProxmoxOptions options, Consumer<Event> publish) {
        this.options = options;
        this.publish = publish;
        thread.setDaemon(true);
    }

    Completable start() {
        return armed.doOnSubscribe(subscription -> thread.start());
    }

    Completable stop() {
        return Completable.defer(() -> {
            stopping.countDown();
            ConfigurationWatcher current = watcher;
            if (current != null) {
                current.stop();
            }
            return thread.isAlive() ? ended : Completable.complete();
        });
    }

    void look(ContainerId id) {
        ConfigurationWatcher current = watcher;
        if (current != null) {
            current.look(id);
        }
    }

    private void watchUntilStopped() {
        long pauseMs = PAUSE_MIN_MS;
        try {
            while (stopping.getCount() > 0) {
                long began = System.nanoTime();
                watch();
                boolean lasted = System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(PAUSE_MAX_MS);
                pauseMs = lasted ? PAUSE_MIN_MS : Math.min(pauseMs * 2, PAUSE_MAX_MS);
                stopping.await(pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            LOG.warn("the thread that watches Proxmox's configuration was interrupted and ends");
        } finally {
            armed.onComplete();
            ended.onComplete();
        }
    }

    private void watch() {
        try (ConfigurationWatcher current =
                new ConfigurationWatcher(options.confDir(), table, publish, options.relistMs())) {
            watcher = current;
            if (stopping.getCount() > 0) {
                current.run(() -> {
                    complaint = "";
                    armed.onComplete();
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
            armed.onComplete();
        } finally {
            watcher = null;
        }
    }
}
