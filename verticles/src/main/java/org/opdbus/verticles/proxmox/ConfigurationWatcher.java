// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.ProxmoxEvent.ProxmoxListed;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnconfigured;
import org.opdbus.verticles.kernel.FolderChain;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;
import org.opdbus.verticles.kernel.Poller;

/** Watches the folder of configurations and reads what changes, on the thread that calls {@link #run}. */
final class ConfigurationWatcher implements AutoCloseable {
    private static final int CHANGES = Inotify.ENTRIES | Inotify.CLOSE_WRITE;

    private final ConfigurationFolder folder;
    private final ConfigurationTable table;
    private final Consumer<Event> publish;
    private final long relistMs;
    private final Poller poller = new Poller();
    private final Inotify inotify = new Inotify();
    private final FolderChain chain;
    /**
     * The containers whose files must be read; each at most once, so there are never more than the
     * host has. Guarded by itself.
     */
    private final Set<ContainerId> asked = new LinkedHashSet<>();

    private boolean changed;
    private volatile boolean stopped;
    private Optional<ProxmoxListed> listed = Optional.empty();

    ConfigurationWatcher(Path path, ConfigurationTable table, Consumer<Event> publish, long relistMs)
            throws IOException {
        folder = new ConfigurationFolder(path);
        this.table = table;
        this.publish = publish;
        this.relistMs = relistMs;
        chain = new FolderChain(inotify, path, CHANGES);
        poller.watch(inotify.fd(), this::readHappenings);
    }

    /** Says that this container may have changed; its file is read again soon. For any thread. */
    void look(ContainerId id) {
        synchronized (asked) {
            asked.add(id);
        }
        poller.wake();
    }

    /** Ends {@link #run} soon. For any thread. */
    void stop() {
        stopped = true;
        poller.wake();
    }

    /**
     * Lists everything, then watches until {@link #stop}. {@code armed} runs after the first
     * listing.
     */
    void run(Runnable armed) throws IOException {
        relist();
        armed.run();
        long relistAt = now() + relistMs;
        while (!stopped) {
            poller.await(Math.max(0, relistAt - now()));
            if (changed || now() >= relistAt) {
                changed = false;
                relist();
                relistAt = now() + relistMs;
            }
            takeAsked().forEach(this::read);
        }
    }

    private void readHappenings() {
        for (Happening happening : inotify.read()) {
            Optional<ContainerId> id = ConfigurationFolder.containerOf(happening.name());
            if (id.isPresent()) {
                look(id.get());
            } else if (happening.is(Inotify.OVERFLOW) || (happening.name().isEmpty() && chain.concerns(happening))) {
                changed = true;
            } else if (listed.filter(ProxmoxListed::present).isEmpty() && chain.concerns(happening)) {
                changed = true;
            }
        }
    }

    /** Begins to watch first and lists then, so that it misses no change between the two. */
    private void relist() throws IOException {
        chain.watch();
        Optional<List<ContainerId>> ids = folder.list();
        Set<ContainerId> gone = table.ids();
        ids.orElse(List.of()).forEach(id -> {
            gone.remove(id);
            read(id);
        });
        gone.forEach(id -> table.put(id, new ProxmoxUnconfigured(id)).ifPresent(publish));
        ProxmoxListed now = new ProxmoxListed(ids.isPresent(), table.count());
        if (!Optional.of(now).equals(listed)) {
            listed = Optional.of(now);
            publish.accept(now);
        }
    }

    private Set<ContainerId> takeAsked() {
        synchronized (asked) {
            Set<ContainerId> taken = new HashSet<>(asked);
            asked.clear();
            return taken;
        }
    }

    private void read(ContainerId id) {
        table.put(id, folder.read(id)).ifPresent(publish);
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        inotify.close();
        poller.close();
    }
}
