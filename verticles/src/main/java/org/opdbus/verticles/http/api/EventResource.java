// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.reactivex.rxjava3.disposables.Disposable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.http.events.NumberedLines;

/** The latest events with their numbers. They are held from the first request on. For the event loop. */
final class EventResource implements AutoCloseable {
    static final int LIMIT_MAX = 1_024;
    private static final int LIMIT_DEFAULT = 100;
    private static final int ANSWER_BYTES = 1 << 20;
    private static final String AFTER = "after";
    private static final String LIMIT = "limit";

    private final EventLog events;
    private Disposable holding = Disposable.disposed();

    EventResource(EventLog events) {
        this.events = events;
    }

    Resource resource() {
        return new Resource("/events", List.of(AFTER, LIMIT), this::answer);
    }

    private void answer(ApiRequest request) {
        OptionalLong after = request.parameters().number(AFTER, 0, Long.MAX_VALUE);
        long limit = request.parameters().number(LIMIT, 1, LIMIT_MAX).orElse(LIMIT_DEFAULT);
        if (holding.isDisposed()) {
            holding = events.hold(() -> {});
        }
        long first = events.first();
        long next = events.next();
        long wanted = after.isPresent() ? Math.min(after.getAsLong(), next - 1) + 1 : Math.max(first, next - limit);
        long from = Math.max(wanted, first);
        NumberedLines some = events.from(from, Math.min(from + limit, next), ANSWER_BYTES, 0);
        StringJoiner items = new StringJoiner(",\n", "{\"items\":[\n", "\n],");
        items.setEmptyValue("{\"items\":[],");
        long number = some.first();
        for (byte[] line : some.lines()) {
            items.add("{\"number\":" + number++ + "," + new String(line, 1, line.length - 1, StandardCharsets.UTF_8));
        }
        long missed = after.isPresent() ? from - wanted : 0;
        request.end(ApiAnswer.of(
                items + "\"last\":" + (some.next() - 1) + ",\"newest\":" + (next - 1) + ",\"missed\":" + missed + "}",
                Optional.empty()));
    }

    @Override
    public void close() {
        holding.dispose();
    }
}
