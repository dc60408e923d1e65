// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
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
 * Watches definitions and command sockets and passes the results to the table. Everything happens
 * on the thread of {@link #run}; other threads may call only {@link #hint} and {@link #stop}.
 */
final class LxcWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LxcWatcher.class);
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LxcOptions options;
    private final ContainerTable table;
    private final Consumer<Event> publish;
    private final Poller poller;
    private final DefinitionFolder definitions;
    private final StartHints hints;
    private final SocketOwners owners;

    private final Lives lives;
    private final ScanSchedule sockets = new ScanSchedule();
    private final ScanSchedule folders = new ScanSchedule();
    private final Listing listing = new Listing();
    private long relistAt;

    private volatile boolean hinted;
    private volatile boolean stopped;

    /** The descriptors that the watcher waits for; the code that opened them closes them. */
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
        this.publish = publish;
        this.owners = owners;
        poller = ears.poller();
        definitions = ears.definitions();
        hints = ears.hints();
        lives = new Lives(new Monitors(poller, Path.of(options.lxcPath())), sockets, table, live, publish);
        poller.watch(definitions.fd(), () -> {
            if (definitions.hasChanged()) {
                folders.at(System.nanoTime());
            }
        });
        poller.watch(hints.fd(), this::readHints);
    }

    /** Says that a container may have started. For any thread. */
    void hint() {
        hinted = true;
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
        long next = Math.min(Math.min(sockets.due(), folders.due()), Math.min(relistAt, listing.due()));
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
        table.defined().forEach(id -> lives.tryName(id, CommandName.of(options.lxcPath(), id.value())));
        lives.dropUnwatched();
        long now = System.nanoTime();
        listing.begin(lives.pending(), now, options.answerMs() * MS);
        relistAt = now + options.relistMs() * MS;
    }

    private void listDefinitions() throws IOException {
        Set<ContainerId> defined = definitions.list();
        table.defined(defined).forEach(publish);
        owners.define(defined);
        folders.looked(System.nanoTime());
    }

    private void lookForSockets() throws IOException {
        Map<String, Long> inodes = ListeningSockets.read();
        lives.listen(owners.owned(inodes.keySet()), inodes);
        sockets.looked(System.nanoTime());
    }

    private void readHints() {
        try {
            if (hints.anything()) {
                sockets.hint(System.nanoTime());
            }
        } catch (IOException e) {
            LOG.warn("cannot watch for starts; the next listing tries again: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        lives.close();
    }
}
