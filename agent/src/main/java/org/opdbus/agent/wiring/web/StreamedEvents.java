// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.opdbus.agent.wiring.web.WebFaces.Sources;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.control.EventLine;
import org.opdbus.verticles.control.PeerLines;
import org.opdbus.verticles.http.events.EventFeed;
import org.opdbus.verticles.http.events.EventLog;

/** The events of this host and of its peers, as {@code op-dbus events --all-hosts} shows them. */
final class StreamedEvents implements EventFeed {
    private static final int LINES_AT_ONCE = 256;

    private final Bus bus;
    private final String host;
    private final Optional<PeerLines> peers;

    /**
     * Listens to nothing yet.
     *
     * @param peers the lines of peers; empty if this host is in no cluster
     */
    StreamedEvents(Bus bus, String host, Optional<PeerLines> peers) {
        this.bus = bus;
        this.host = host;
        this.peers = peers;
    }

    /** Returns the log of these events, which does not listen yet. */
    static EventLog log(Sources sources) {
        String host = sources.inventory().current().host().name();
        return new EventLog(
                new StreamedEvents(sources.live().bus(), host, sources.live().peers()));
    }

    @Override
    public Disposable listen(Consumer<String> line) {
        CompositeDisposable listening = new CompositeDisposable();
        listening.add(bus.subscribeAll(
                event -> line.accept(EventLine.of(event, host, Instant.now()).encode())));
        peers.ifPresent(lines -> listening.add(new Tail(lines, host, line)));
        return listening;
    }

    /** Passes on the lines of peers. They come on any thread, and are read on the event loop that made this. */
    private static final class Tail implements Disposable {
        private final PeerLines lines;
        private final String host;
        private final Consumer<String> line;
        private final Context loop = Vertx.currentContext();
        private final AtomicBoolean isDue = new AtomicBoolean();
        private final Disposable listening;
        private long next;

        private Tail(PeerLines lines, String host, Consumer<String> line) {
            this.lines = lines;
            this.host = host;
            this.line = line;
            next = lines.next();
            listening = lines.onNews(this::soon);
        }

        private void soon() {
            if (isDue.compareAndSet(false, true)) {
                loop.runOnContext(now -> read());
            }
        }

        private void read() {
            isDue.set(false);
            if (isDisposed()) {
                return;
            }
            PeerLines.Lines some = lines.from(next, LINES_AT_ONCE);
            next = some.next();
            if (some.missed() > 0) {
                int count = (int) Math.min(some.missed(), Integer.MAX_VALUE);
                line.accept(EventLine.missed(count, host, Instant.now()).encode());
            }
            some.lines().forEach(each -> line.accept(each.json()));
            if (next < lines.next()) {
                soon();
            }
        }

        @Override
        public void dispose() {
            listening.dispose();
        }

        @Override
        public boolean isDisposed() {
            return listening.isDisposed();
        }
    }
}
