// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.opdbus.events.Event;
import org.opdbus.verticles.cluster.containers.HostContainers;
import org.opdbus.verticles.cluster.containers.OwnListing;
import org.opdbus.verticles.cluster.entries.EntryPuller.Position;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.limits.StateFile;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSender;

/**
 * What this host shows of all other hosts: their rows, their containers, which {@link HostContainers} and {@link
 * OwnListing} keep up to date. For the one thread that calls {@link #begin}, except {@link #hear} and {@link #now}.
 */
final class PeerViews {
    /** How often it checks the peers for questions and changes. */
    static final long LOOK_MS = 100;
    /** Every heartbeat is a change too, and with many hosts there is always one. */
    private static final long SHOW_EVERY_MS = 500;

    private final OwnListing listing;
    private final StateFile<HostContainers.Saved> file;
    private final Executor files;
    private final HostContainers containers;
    private final Function<String, Position> held;
    private final Consumer<List<SeenHost>> shown;
    private volatile List<SeenHost> now = List.of();
    private long showAtMs = Long.MIN_VALUE;
    private boolean hasChanged;

    /**
     * Knows no host before {@link #begin}.
     *
     * @param listener supplies the containers of this host
     * @param files the thread that writes files
     * @param thread the one thread
     * @param held says there how far the entries of a peer were passed on
     * @param changed runs there as soon as the containers of this host have changed
     * @param shown receives all other hosts when one of them has changed, at most once in {@value #SHOW_EVERY_MS} ms
     */
    PeerViews(
            ClusterOptions options,
            ClusterListener listener,
            Executor files,
            Executor thread,
            Function<String, Position> held,
            Runnable changed,
            Consumer<List<SeenHost>> shown,
            PeerWarnings warnings) {
        this.held = held;
        this.shown = shown;
        this.files = files;
        containers = new HostContainers(options.host());
        file = new StateFile<>(
                options.file().resolveSibling("peers-containers.json"),
                HostContainers.Saved.NONE,
                System::nanoTime,
                warnings);
        listing = new OwnListing(
                listener::containers,
                rows -> thread.execute(() -> {
                    if (containers.own(rows)) {
                        changed.run();
                    }
                }));
    }

    void begin(long run, Collection<HostRow> rows) throws IOException {
        containers.begin(run, file.read());
        show(rows);
    }

    /** Notes a fact of this host. For any thread; it does nothing else. */
    void hear(Event event) {
        listing.hear(event);
    }

    /** Returns the number of this host's table of containers. */
    long version() {
        return containers.version();
    }

    /** Returns this host's containers. */
    Message.Rows answer() {
        return containers.answer();
    }

    /** Processes a peer's containers. */
    void rows(Message.Rows rows) {
        containers.rows(rows);
    }

    /** A peer says which table of containers it has. */
    void offered(Message.LedgerHead head) {
        containers.offered(head);
    }

    /** Sends the questions that are due, publishes and saves what is new; call it every {@value #LOOK_MS} ms. */
    void look(Collection<HostRow> rows, long nowMs, MessageSender sender) {
        listing.look(nowMs);
        containers.ask(nowMs).forEach(sender::to);
        show(rows);
        if (hasChanged && nowMs >= showAtMs) {
            showAtMs = nowMs + SHOW_EVERY_MS;
            hasChanged = false;
            shown.accept(now);
        }
        file.writeIfDue(containers::saved, files);
    }

    private void show(Collection<HostRow> rows) {
        List<SeenHost> hosts = rows.stream()
                .map(row -> {
                    HostContainers.Table table = containers.of(row.host());
                    return new SeenHost(row, held.apply(row.host()), table.rows(), table.leftOut());
                })
                .toList();
        if (!hosts.equals(now)) {
            now = hosts;
            hasChanged = true;
        }
    }

    void save() throws IOException {
        file.write(containers.saved());
    }

    /** Removes these hosts, because they left the cluster. */
    void forget(Set<String> hosts) {
        containers.forget(hosts);
    }

    void end() {
        listing.dispose();
    }

    /** Returns all other hosts, including those that are away. For any thread. */
    List<SeenHost> now() {
        return now;
    }
}
