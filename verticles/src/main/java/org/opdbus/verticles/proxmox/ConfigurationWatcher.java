// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import java.io.IOException;
import java.util.ArrayList;
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
import org.opdbus.verticles.kernel.Poller;

/** Watches the folders of configurations and reads what changes, on the thread that calls {@link #run}. */
final class ConfigurationWatcher implements AutoCloseable {
    private final GuestFolders folders;
    private final List<WatchedFolder> watched = new ArrayList<>();
    private final ConfigurationTable table;
    private final Consumer<Event> publish;
    private final long relistMs;
    private final Poller poller = new Poller();
    /**
     * The guests whose files must be read; each at most once, so there are never more than the
     * host has. Guarded by itself.
     */
    private final Set<ContainerId> asked = new LinkedHashSet<>();

    private final Set<WatchedFolder> absent = new HashSet<>();
    private boolean changed;
    private volatile boolean stopped;
    private Optional<ProxmoxListed> listed = Optional.empty();

    ConfigurationWatcher(GuestFolders folders, ConfigurationTable table, Consumer<Event> publish, long relistMs)
            throws IOException {
        this.folders = folders;
        this.table = table;
        this.publish = publish;
        this.relistMs = relistMs;
        try {
            for (ConfigurationFolder folder : folders.all()) {
                WatchedFolder one = new WatchedFolder(folder);
                watched.add(one);
                absent.add(one);
                one.tell(poller, () -> readNews(one));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Says that this guest may have changed; its file is read again soon. For any thread. */
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

    private void readNews(WatchedFolder folder) {
        WatchedFolder.News news = folder.news(absent.contains(folder));
        news.guests().forEach(this::look);
        changed |= news.folder();
    }

    /** Begins to watch first and lists then, so that it misses no change between the two. */
    private void relist() throws IOException {
        Set<ContainerId> gone = table.ids();
        Optional<Boolean> present = Optional.empty();
        for (WatchedFolder each : watched) {
            each.watch();
            Optional<List<ContainerId>> ids = each.folder().list();
            if (ids.isPresent()) {
                absent.remove(each);
            } else {
                absent.add(each);
            }
            // The first folder, that of containers, tells whether this is a host of Proxmox VE.
            present = Optional.of(present.orElse(ids.isPresent()));
            ids.orElse(List.of()).forEach(id -> {
                gone.remove(id);
                read(id);
            });
        }
        gone.forEach(id -> table.put(id, new ProxmoxUnconfigured(id)).ifPresent(publish));
        ProxmoxListed now = new ProxmoxListed(present.orElse(false), table.count());
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
        table.put(id, folders.read(id)).ifPresent(publish);
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        watched.forEach(WatchedFolder::close);
        poller.close();
    }
}
