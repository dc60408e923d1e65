// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.events;

import io.reactivex.rxjava3.disposables.Disposable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The latest lines about events, numbered from 1: at most {@value EventRing#LINES_MAX} lines and {@value EventRing#BYTES_MAX} bytes, of
 * which the oldest are dropped first. A number is never given twice. It listens while it is held, and drops all lines when it is not held
 * any more; then one number stands for everything that it does not hear. For the event loop.
 */
public final class EventLog {
    /** The most lines that are held. */
    public static final int LINES_MAX = EventRing.LINES_MAX;

    private final EventFeed feed;
    private final EventRing ring = new EventRing();
    private final Set<Holder> holders = new LinkedHashSet<>();
    private Disposable listening = Disposable.disposed();

    /** Does not listen yet. */
    public EventLog(EventFeed feed) {
        this.feed = feed;
    }

    /**
     * Holds the lines from now on until disposed of.
     *
     * @param news runs after each new line
     */
    public Disposable hold(Runnable news) {
        Holder holder = new Holder(news);
        if (holders.isEmpty()) {
            listening = feed.listen(this::hear);
        }
        holders.add(holder);
        return holder;
    }

    private void hear(String line) {
        ring.add(line.getBytes(StandardCharsets.UTF_8));
        List.copyOf(holders).forEach(holder -> holder.news.run());
    }

    /** Returns the number of the oldest line that is held, or that of the next line if none is. */
    public long first() {
        return ring.first();
    }

    /** Returns the number of the next line. */
    public long next() {
        return ring.next();
    }

    /**
     * Returns lines from a number on: those that are held of them, up to {@code end}, which are not longer together than given, but at
     * least one.
     *
     * @param end the number of the line before which it stops
     * @param each what to count for each line besides its own length
     */
    public NumberedLines from(long number, long end, int bytesMax, int each) {
        return ring.from(number, end, bytesMax, each);
    }

    private final class Holder implements Disposable {
        private final Runnable news;

        private Holder(Runnable news) {
            this.news = news;
        }

        @Override
        public void dispose() {
            if (holders.remove(this) && holders.isEmpty()) {
                listening.dispose();
                ring.interrupt();
            }
        }

        @Override
        public boolean isDisposed() {
            return !holders.contains(this);
        }
    }
}
