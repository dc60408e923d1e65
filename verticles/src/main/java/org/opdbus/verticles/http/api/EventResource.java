// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.opdbus.verticles.http.api.ApiSources.EventFeed;

/**
 * The latest events, numbered from 1, from the first request on: at most {@value #LINES_MAX} lines and {@value #CHARACTERS_MAX}
 * characters, of which the oldest are dropped first. For the event loop.
 */
final class EventResource implements AutoCloseable {
    static final int LINES_MAX = 1_024;
    static final int CHARACTERS_MAX = 1 << 20;
    private static final int LIMIT_DEFAULT = 100;
    private static final String AFTER = "after";
    private static final String LIMIT = "limit";

    private final EventFeed feed;
    private final Deque<String> lines = new ArrayDeque<>();
    private Disposable listening = Disposable.disposed();
    private long next = 1;
    private long characters;

    EventResource(EventFeed feed) {
        this.feed = feed;
    }

    Resource resource() {
        return new Resource("/events", List.of(AFTER, LIMIT), this::answer);
    }

    private void hear(String line) {
        lines.addLast("{\"number\":" + next + "," + line.substring(1));
        next++;
        characters += line.length();
        while (lines.size() > LINES_MAX || characters > CHARACTERS_MAX) {
            characters -= lines.removeFirst().length();
        }
    }

    private void answer(ApiRequest request) {
        OptionalLong after = request.parameters().number(AFTER, 0, Long.MAX_VALUE);
        long limit = request.parameters().number(LIMIT, 1, LINES_MAX).orElse(LIMIT_DEFAULT);
        if (listening.isDisposed()) {
            listening = feed.listen(this::hear);
        }
        long first = next - lines.size();
        long from = after.isPresent()
                ? Math.min(Math.max(after.getAsLong() + 1, first), next)
                : Math.max(first, next - limit);
        StringJoiner items = new StringJoiner(",\n", "{\"items\":[\n", "\n],");
        items.setEmptyValue("{\"items\":[],");
        Stream<String> some = lines.stream().skip(from - first).limit(limit);
        some.forEach(items::add);
        long missed = after.isPresent() ? Math.max(0, from - Math.max(after.getAsLong() + 1, 1)) : 0;
        long last = Math.min(from + limit, next) - 1;
        request.end(ApiAnswer.of(
                items + "\"last\":" + last + ",\"newest\":" + (next - 1) + ",\"missed\":" + missed + "}",
                Optional.empty()));
    }

    @Override
    public void close() {
        listening.dispose();
    }
}
