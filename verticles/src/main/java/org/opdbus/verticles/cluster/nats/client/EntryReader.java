// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.limits.TaskThread;

/**
 * Fetches entries of other hosts: from the stream, or from the host itself if the stream does not have them. A question
 * that comes again got no answer that was of use, so the other way is tried then; a stream that lies or holds a replaced
 * ledger costs one question. One search for a host is under way at a time. For the thread of the link.
 */
final class EntryReader {
    private static final int HOSTS_MAX = 2_048;
    private static final int STEPS_MAX = 64;

    private final Subjects subjects;
    private final StoredMessages stored;
    private final TaskThread thread;
    private final BiConsumer<String, Buffer> direct;
    private final Consumer<Buffer> receiver;
    private final Map<String, Place> places = new LinkedHashMap<>();

    /** What is known about the entries of a host in the stream. */
    private static final class Place {
        private long asked;
        private boolean wasOfStream;
        private boolean isBusy;
        private long last;
        private long sequence;
    }

    /**
     * Reads nothing yet.
     *
     * @param direct asks a host itself
     * @param receiver receives the messages of the stream
     */
    EntryReader(
            Subjects subjects,
            StoredMessages stored,
            TaskThread thread,
            BiConsumer<String, Buffer> direct,
            Consumer<Buffer> receiver) {
        this.subjects = subjects;
        this.stored = stored;
        this.thread = thread;
        this.direct = direct;
        this.receiver = receiver;
    }

    /** Fetches the entries from a height on, as many as one message holds. */
    void fetch(String host, long from, Buffer question) {
        Place place = places.computeIfAbsent(host, unused -> new Place());
        if (places.size() > HOSTS_MAX) {
            places.keySet().remove(places.keySet().iterator().next());
        }
        if (place.isBusy) {
            return;
        }
        boolean isOfHost = place.asked == from && place.wasOfStream;
        place.asked = from;
        place.wasOfStream = !isOfHost;
        if (isOfHost) {
            direct.accept(host, question);
            return;
        }
        place.isBusy = true;
        var unused = search(subjects.entries(host), from, place)
                .whenCompleteAsync(
                        (found, failure) -> {
                            place.isBusy = false;
                            if (failure != null || found == null || found.isEmpty()) {
                                place.wasOfStream = false;
                                direct.accept(host, question);
                            } else {
                                place.last = PageMark.of(found.get().headers()).last();
                                place.sequence = found.get().sequence();
                                receiver.accept(found.get().data());
                            }
                        },
                        thread);
    }

    /** Looks behind what was read last, then at the end, then between. */
    private CompletableFuture<Optional<StoredMessages.Stored>> search(String subject, long from, Place place) {
        if (place.last + 1 == from && place.sequence > 0) {
            return stored.next(place.sequence + 1, subject)
                    .thenCompose(
                            next -> next.filter(page -> mark(page).holds(from)).isPresent()
                                    ? CompletableFuture.completedFuture(next)
                                    : searchFromEnd(subject, from));
        }
        return searchFromEnd(subject, from);
    }

    private CompletableFuture<Optional<StoredMessages.Stored>> searchFromEnd(String subject, long from) {
        return stored.last(subject).thenCompose(last -> {
            if (last.isEmpty() || mark(last.get()).last() < from) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            return mark(last.get()).holds(from)
                    ? CompletableFuture.completedFuture(last)
                    : searchBetween(subject, from, 1, last.get().sequence() - 1, STEPS_MAX);
        });
    }

    /** The heights of a host rise with the sequences of the stream. */
    private CompletableFuture<Optional<StoredMessages.Stored>> searchBetween(
            String subject, long from, long least, long most, int steps) {
        if (least > most || steps == 0) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        long middle = least + (most - least) / 2;
        return stored.next(middle, subject).thenCompose(page -> {
            if (page.filter(each -> mark(each).holds(from)).isPresent()) {
                return CompletableFuture.completedFuture(page);
            }
            boolean isLater = page.isEmpty()
                    || page.get().sequence() > most
                    || mark(page.get()).first() > from;
            return isLater
                    ? searchBetween(subject, from, least, middle - 1, steps - 1)
                    : searchBetween(subject, from, page.get().sequence() + 1, most, steps - 1);
        });
    }

    private static PageMark mark(StoredMessages.Stored page) {
        return PageMark.of(page.headers());
    }
}
