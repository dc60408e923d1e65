// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Event;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.lxc.StartHints.Traces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches definitions and traces of starts, asks the monitors, and passes the results to the table.
 * Everything happens on the thread of {@link #run}; other threads may call only {@link #look} and
 * {@link #stop}.
 *
 * <p>A trace names its container, so a start costs a few attempts to reach that one monitor. A look
 * at the sockets of all programs costs more the more sockets the host has. It is taken only with a
 * listing, or as the last resort for a container whose start has left no trace.
 */
final class LxcWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LxcWatcher.class);
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    /** The pause after a look that has found a container; after others it is the usual pause of listings. */
    private static final long LOOK_PAUSE = 10_000 * MS;

    private static final long LOOK_PAUSE_LONG = 60_000 * MS;
    /** One listing answers all changes of definitions in this time, and all losses of traces in a hundred times this time. */
    private static final long LISTING_PAUSE = 10 * MS;

    private final LxcOptions options;
    private final ContainerTable table;
    private final Consumer<Event> publish;
    private final Poller poller;
    private final DefinitionFolder definitions;
    private final StartHints hints;
    private final ListeningSockets.Table sockets;
    private final SocketOwners owners;

    private final Lives lives;
    private final StartAttempts attempts = new StartAttempts();
    private final LookSchedule looks = new LookSchedule(LOOK_PAUSE, LOOK_PAUSE_LONG);
    private final LookSchedule folders = new LookSchedule(LISTING_PAUSE, LISTING_PAUSE);
    private final LookSchedule lost = new LookSchedule(100 * LISTING_PAUSE, 100 * LISTING_PAUSE);
    private final Listing listing = new Listing();
    private long relistAt;

    private volatile boolean lookWanted;
    private volatile boolean stopped;

    /** The descriptors that the watcher waits for; the code that opened them closes them. */
    record Ears(Poller poller, DefinitionFolder definitions, StartHints hints, ListeningSockets.Table sockets) {}

    LxcWatcher(
            LxcOptions options,
            SocketOwners owners,
            Ears ears,
            ContainerTable table,
            LiveSockets live,
            Consumer<Event> publish)
            throws IOException {
        this.options = options;
        this.table = table;
        this.publish = publish;
        this.owners = owners;
        poller = ears.poller();
        definitions = ears.definitions();
        hints = ears.hints();
        sockets = ears.sockets();
        lives = new Lives(new Monitors(poller, Path.of(options.lxcPath())), attempts, table, live, publish);
        poller.watch(definitions.fd(), () -> {
            if (definitions.hasChanged()) {
                folders.want(System.nanoTime());
            }
        });
        poller.watch(hints.fd(), this::readHints);
    }

    /**
     * Says that a container may have started without a trace. For any thread. However often it is called, there are at
     * most six looks a minute.
     */
    void look() {
        lookWanted = true;
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
        while (!stopped) {
            poller.await(waitMs());
            step(System.nanoTime());
        }
    }

    private long waitMs() {
        long next = Math.min(
                Math.min(Math.min(attempts.due(), looks.due()), Math.min(folders.due(), lost.due())),
                Math.min(relistAt, listing.due()));
        long left = next - System.nanoTime();
        return left <= 0 ? 0 : left / MS + 1;
    }

    private void step(long now) throws IOException {
        if (lookWanted) {
            lookWanted = false;
            looks.want(now);
        }
        if (now >= relistAt || lost.isDue(now)) {
            relist();
        }
        if (folders.isDue(now)) {
            listDefinitions();
        }
        if (looks.isDue(now)) {
            looks.looked(now, lookForSockets());
        }
        attempts.take(now).forEach(id -> lives.tryNames(id, owners.names(id)));
        if (listing.finish(now, lives::isPending)) {
            publish.accept(new SourceListed(Source.LXC, table.count()));
        }
    }

    /** Begins to watch first and lists then, so that it misses no change between the two. */
    private void relist() throws IOException {
        owners.forget();
        hints.watch();
        listDefinitions();
        lookForSockets();
        // A socket that was missing from the list for an instant, or has a hashed name, is tried by its name.
        table.defined().forEach(id -> lives.tryNames(id, owners.names(id)));
        lives.dropUnwatched();
        long now = System.nanoTime();
        looks.listed();
        lost.looked(now, true);
        listing.begin(lives.pending(), now, options.answerMs() * MS);
        relistAt = now + options.relistMs() * MS;
    }

    private void listDefinitions() throws IOException {
        Set<ContainerId> defined = definitions.list();
        table.defined(defined).forEach(publish);
        owners.define(defined);
        folders.looked(System.nanoTime(), true);
    }

    /** Asks the monitors that are not known yet; returns whether there were any. */
    private boolean lookForSockets() throws IOException {
        Map<String, Long> inodes = sockets.read();
        return lives.listen(owners.owned(inodes.keySet()), inodes);
    }

    private void readHints() {
        long now = System.nanoTime();
        try {
            Traces traces = hints.read();
            boolean followed = true;
            for (String name : traces.locks()) {
                followed &= !Kind.LXC.isId(name) || attempts.begin(new ContainerId(name), now);
            }
            traces.groups().forEach(name -> groupMade(name, now));
            if (traces.lost() || !followed) {
                lost.want(now);
            }
        } catch (IOException e) {
            LOG.warn("cannot watch for starts; the next listing tries again: {}", e.getMessage());
        }
    }

    /**
     * LXC makes the control groups when the monitor listens already. If the monitor of a defined container cannot be
     * reached then, its container was started under another name of lxc.path, which a look shows.
     */
    private void groupMade(String group, long now) {
        List<ContainerId> owned = StartHints.ownersOfGroup(group);
        boolean isKnown = false;
        for (ContainerId id : owned) {
            isKnown |= lives.tryNames(id, owners.names(id));
        }
        if (!isKnown && owned.stream().anyMatch(table::isDefined)) {
            looks.want(now);
        }
    }

    @Override
    public void close() {
        lives.close();
    }
}
