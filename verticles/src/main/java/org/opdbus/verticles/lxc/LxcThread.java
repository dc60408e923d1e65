// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Event;
import org.opdbus.verticles.kernel.Poller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that watches. When watching fails, it begins again after a growing pause. */
final class LxcThread {
    private static final Logger LOG = LoggerFactory.getLogger(LxcThread.class);
    private static final long PAUSE_MIN_MS = 100;
    private static final long PAUSE_MAX_MS = 30_000;

    private final LxcOptions options;
    private final LiveSockets live;
    private final Consumer<Event> publish;
    private final ContainerTable table;
    private final CompletableSubject armed = CompletableSubject.create();
    private final CompletableSubject ended = CompletableSubject.create();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watchUntilStopped, "op-dbus-lxc");
    private volatile @Nullable LxcWatcher watcher;
    /** The last logged reason, so that the log names it once and not at every attempt. */
    private String complaint = "";

    LxcThread(LxcOptions options, LiveSockets live, Consumer<Event> publish) {
        this.options = options;
        this.live = live;
        this.publish = publish;
        this.table = new ContainerTable(options.lxcPath());
        thread.setDaemon(true);
    }

    Completable start() {
        return armed.doOnSubscribe(subscription -> thread.start());
    }

    Completable stop() {
        return Completable.defer(() -> {
            stopping.countDown();
            LxcWatcher current = watcher;
            if (current != null) {
                current.stop();
            }
            return thread.isAlive() ? ended : Completable.complete();
        });
    }

    void hint() {
        LxcWatcher current = watcher;
        if (current != null) {
            current.hint();
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
            LOG.warn("the thread that watches LXC was interrupted and ends");
        } finally {
            armed.onComplete();
            ended.onComplete();
        }
    }

    private void watch() {
        SocketOwners owners = new SocketOwners(options.lxcPath());
        try (Poller poller = new Poller();
                DefinitionFolder definitions = new DefinitionFolder(Path.of(options.lxcPath()));
                StartHints hints = new StartHints(owners.lxcPaths());
                LxcWatcher current = new LxcWatcher(
                        options, owners, new LxcWatcher.Ears(poller, definitions, hints), table, live, publish)) {
            watcher = current;
            if (stopping.getCount() > 0) {
                current.run(armed::onComplete);
            }
        } catch (IOException | RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(complaint)) {
                LOG.warn("cannot watch the containers under {}, trying again", options.lxcPath(), e);
                complaint = reason;
            }
            publish.accept(new SourceLost(Source.LXC, reason));
            // The agent must start without LXC too; the log has named the reason.
            armed.onComplete();
        } finally {
            watcher = null;
        }
    }
}
