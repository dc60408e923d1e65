// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.verticles.kernel.Poller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches definitions and command sockets and tells the table what it sees. Everything happens on one thread, that of
 * {@link #run}; only {@link #hint} and {@link #stop} are for others.
 */
final class LxcWatcher implements StateWatch.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LxcWatcher.class);
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int RETRY_SHIFT_MAX = 10;

    private final LxcOptions options;
    private final ContainerTable table;
    private final LiveSockets live;
    private final Consumer<Event> publish;
    private final Poller poller;
    private final DefinitionFolder definitions;
    private final StartHints hints;
    private final SocketOwners owners;

    private final Map<ContainerId, StateWatch> watches = new HashMap<>();
    private final Map<ContainerId, StateWatch> orphans = new HashMap<>();
    private final Map<ContainerId, Retry> retries = new HashMap<>();
    private final ScanSchedule sockets = new ScanSchedule();
    private final ScanSchedule folders = new ScanSchedule();
    private final Set<StateWatch> listing = new HashSet<>();
    private long listingEnds = Long.MAX_VALUE;
    private long relistAt;

    private volatile boolean hinted;
    private volatile boolean stopped;

    /** A monitor that hung up without an answer is not asked again before this time. */
    private record Retry(int failures, long notBefore) {}

    /** What the watcher waits on; whoever opened it closes it. */
    record Ears(Poller poller, DefinitionFolder definitions, StartHints hints) {}

    LxcWatcher(
            LxcOptions options,
            SocketOwners owners,
            Ears ears,
            ContainerTable table,
            LiveSockets live,
            Consumer<Event> publish) {
        this.options = options;
        this.table = table;
        this.live = live;
        this.publish = publish;
        this.owners = owners;
        poller = ears.poller();
        definitions = ears.definitions();
        hints = ears.hints();
        poller.watch(definitions.fd(), () -> {
            if (definitions.hasChanged()) {
                folders.at(System.nanoTime());
            }
        });
        poller.watch(hints.fd(), this::readHints);
    }

    /** Something may have started. For any thread. */
    void hint() {
        hinted = true;
        poller.wake();
    }

    /** Ends {@link #run} soon. For any thread. */
    void stop() {
        stopped = true;
        poller.wake();
    }

    /** Lists everything, then watches until it is told to stop; {@code armed} runs after the first listing. */
    void run(Runnable armed) throws IOException {
        relist();
        armed.run();
        while (!stopped) {
            poller.await(waitMs());
            step(System.nanoTime());
        }
    }

    private long waitMs() {
        long next = Math.min(Math.min(sockets.due(), folders.due()), Math.min(relistAt, listingEnds));
        long left = next - System.nanoTime();
        return left <= 0 ? 0 : left / MS + 1;
    }

    private void step(long now) throws IOException {
        if (hinted) {
            hinted = false;
            sockets.hint(now);
        }
        if (now >= relistAt) {
            relist();
        }
        if (folders.isDue(now)) {
            listDefinitions();
        }
        if (sockets.isDue(now)) {
            lookForSockets();
        }
        if (listingEnds != Long.MAX_VALUE && (listing.isEmpty() || now >= listingEnds)) {
            listing.clear();
            listingEnds = Long.MAX_VALUE;
            publish.accept(new SourceListed(Source.LXC, table.count()));
        }
    }

    /** Watches first, then lists, so that nothing falls between. */
    private void relist() throws IOException {
        owners.forget();
        hints.watch();
        listDefinitions();
        lookForSockets();
        // A socket that was missing from the list for an instant, or has a hashed name, is tried by its name.
        for (ContainerId id : table.defined()) {
            if (!watches.containsKey(id)) {
                open(id, CommandName.of(options.lxcPath(), id.value()));
            }
        }
        for (ContainerId id : table.running()) {
            if (!watches.containsKey(id) && !orphans.containsKey(id)) {
                publishAll(table.stopped(id, "nobody listens on its command socket"));
            }
        }
        long now = System.nanoTime();
        watches.values().stream().filter(StateWatch::isPending).forEach(listing::add);
        listingEnds = listing.isEmpty() ? now : now + options.answerMs() * MS;
        relistAt = now + options.relistMs() * MS;
    }

    private void listDefinitions() throws IOException {
        Set<ContainerId> defined = definitions.list();
        publishAll(table.defined(defined));
        owners.define(defined);
        folders.looked(System.nanoTime());
    }

    private void lookForSockets() throws IOException {
        Map<ContainerId, String> listening = owners.owned(ListeningSockets.read());
        retries.keySet().retainAll(listening.keySet());
        listening.forEach((id, socket) -> {
            if (!watches.containsKey(id)) {
                open(id, socket);
            }
        });
        sockets.looked(System.nanoTime());
    }

    private void open(ContainerId id, String socket) {
        Retry retry = retries.get(id);
        if (retry != null && retry.notBefore() > System.nanoTime()) {
            sockets.at(retry.notBefore());
            return;
        }
        StateWatch watch = new StateWatch(id, socket, poller, this);
        try {
            if (watch.open()) {
                watches.put(id, watch);
                live.listens(id, socket);
            }
        } catch (IOException e) {
            LOG.warn("cannot ask the monitor of container={}, trying again: {}", id, e.getMessage());
            retryLater(id);
        }
    }

    private void retryLater(ContainerId id) {
        int failures = Optional.ofNullable(retries.get(id)).map(Retry::failures).orElse(0) + 1;
        // The first time at once: the monitor that hung up may have made room for the next one.
        long pause = failures == 1 ? 0 : MS << Math.min(failures - 2, RETRY_SHIFT_MAX);
        Retry retry = new Retry(failures, System.nanoTime() + pause);
        retries.put(id, retry);
        sockets.at(retry.notBefore());
    }

    private void readHints() {
        try {
            if (hints.anything()) {
                sockets.hint(System.nanoTime());
            }
        } catch (IOException e) {
            LOG.warn("cannot watch for starts, the next listing tries again: {}", e.getMessage());
        }
    }

    @Override
    public void isUp(StateWatch watch, long initPid) {
        listing.remove(watch);
        retries.remove(watch.id());
        publishAll(table.running(watch.id(), initPid));
    }

    @Override
    public void hasEnded(StateWatch watch, String reason) {
        // A container may have been started anew while an old init of it lived on.
        if (table.initPid(watch.id()).filter(pid -> pid == watch.initPid()).isPresent()) {
            publishAll(table.stopped(watch.id(), reason));
        }
    }

    @Override
    public void lostMonitor(StateWatch watch) {
        ContainerId id = watch.id();
        watches.remove(id, watch);
        live.silent(id);
        StateWatch older = orphans.put(id, watch);
        if (older != null) {
            older.close();
        }
        live.orphaned(id, watch.initPid());
    }

    @Override
    public void isOver(StateWatch watch, boolean answered) {
        ContainerId id = watch.id();
        listing.remove(watch);
        if (orphans.remove(id, watch)) {
            live.gone(id, watch.initPid());
        }
        if (watches.remove(id, watch)) {
            live.silent(id);
            if (!answered) {
                retryLater(id);
            }
            // After a reboot the same monitor listens on, and answers when the container is up again.
            open(id, watch.socketName());
        }
    }

    private void publishAll(List<? extends Event> events) {
        events.forEach(publish);
    }

    @Override
    public void close() {
        watches.values().forEach(StateWatch::close);
        orphans.values().forEach(StateWatch::close);
        live.clear();
    }
}
