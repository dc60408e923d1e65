// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.opdbus.events.Event;
import org.opdbus.verticles.cluster.containers.ContainersFile;
import org.opdbus.verticles.cluster.containers.HostContainers;
import org.opdbus.verticles.cluster.containers.OwnListing;
import org.opdbus.verticles.cluster.entries.EntryPuller.Position;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host shows of all other hosts: their rows, their containers, which {@link HostContainers} and {@link
 * OwnListing} keep up to date. For the one thread that calls {@link #begin}, except {@link #hear} and {@link #now}.
 */
final class PeerViews {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    /** How often it checks the peers for questions and changes. */
    static final long LOOK_MS = 100;
    /** A file of some megabytes must not be written for every container that starts. */
    private static final long SAVE_EVERY_MS = 5_000;
    /** Every heartbeat is a change too, and with many hosts there is always one. */
    private static final long SHOW_EVERY_MS = 500;

    private final OwnListing listing;
    private final ContainersFile file;
    private final Executor files;
    private final HostContainers containers;
    private final Function<String, Position> held;
    private final Consumer<List<SeenHost>> shown;
    private volatile List<SeenHost> now = List.of();
    private volatile Map<String, HostContainers.Table> saved = Map.of();
    private long saveAtMs = Long.MIN_VALUE;
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
            long run,
            ClusterListener listener,
            Executor files,
            Executor thread,
            Function<String, Position> held,
            Runnable changed,
            Consumer<List<SeenHost>> shown) {
        this.held = held;
        this.shown = shown;
        this.files = files;
        containers = new HostContainers(options.host(), run);
        file = new ContainersFile(options.file().resolveSibling("peers-containers.json"));
        listing = new OwnListing(
                listener::containers,
                rows -> thread.execute(() -> {
                    if (containers.own(rows)) {
                        changed.run();
                    }
                }));
    }

    void begin(Collection<HostRow> rows) {
        saved = file.read();
        saved.forEach(containers::restore);
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
        if (nowMs >= saveAtMs) {
            saveAtMs = nowMs + SAVE_EVERY_MS;
            saveSoon();
        }
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

    /** Saves the containers, unless nothing has changed; a failure is logged and retried. */
    private void saveSoon() {
        Map<String, HostContainers.Table> tables = containers.tables();
        if (!tables.equals(saved)) {
            try {
                saved = tables;
                files.execute(() -> replace(tables));
            } catch (RejectedExecutionException full) {
                saved = Map.of();
                LOG.debug("cluster: too many files are being written; the file of the containers is written later");
            }
        }
    }

    private void replace(Map<String, HostContainers.Table> tables) {
        try {
            file.write(tables);
        } catch (IOException e) {
            LOG.debug("cluster: cannot write the containers of peers: {}", e.toString());
            saved = Map.of();
        }
    }

    void save() throws IOException {
        file.write(containers.tables());
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
