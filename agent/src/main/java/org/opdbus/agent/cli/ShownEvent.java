// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.JsonCopy;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryColumns;

/**
 * An event as a tail shows it.
 *
 * @param json the event as a JSON object on one line, as the agent or the ledger has it
 */
record ShownEvent(String json) {
    private static final Set<String> MEMBERS = Set.of("time", "host", "kind", "subject", "data");

    /** Reads the event that the parser is at. */
    static ShownEvent read(JsonParser at) throws IOException {
        return new ShownEvent(JsonCopy.compact(at));
    }

    /** Passes on each event of the list that the parser is at. */
    static void readEach(JsonParser at, Consumer<ShownEvent> action) throws IOException {
        while (at.nextToken() != JsonToken.END_ARRAY) {
            action.accept(read(at));
        }
    }

    /** Returns the event that an entry of the ledger has recorded. */
    static ShownEvent of(Entry entry) {
        try (JsonParser line = JsonText.reader(entry.line())) {
            line.nextToken();
            return new ShownEvent(JsonCopy.members(line, MEMBERS));
        } catch (IOException e) {
            throw new IllegalStateException("an entry is a JSON object", e);
        }
    }

    /** Returns when it happened. */
    Instant time() {
        return Instant.parse(text(members(), "time"));
    }

    /** Returns it as a line of columns, with its host if that is wanted. */
    String columns(boolean withHost) {
        Map<String, Object> members = members();
        String time = text(members, "time");
        String kind = text(members, "kind");
        String subject = text(members, "subject");
        Map<String, Object> data = data(members.get("data"));
        return withHost
                ? EntryColumns.hostEvent(time, text(members, "host"), kind, subject, data)
                : EntryColumns.event(time, kind, subject, data);
    }

    private Map<String, Object> members() {
        try (JsonParser reader = JsonText.reader(json)) {
            reader.nextToken();
            return JsonText.map(reader);
        } catch (IOException e) {
            throw new IllegalStateException("an event is a JSON object", e);
        }
    }

    private static String text(Map<String, Object> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    // The keys of a map that was read from JSON are texts.
    @SuppressWarnings("unchecked")
    private static Map<String, Object> data(@Nullable Object data) {
        return data instanceof Map ? (Map<String, Object>) data : Map.of();
    }
}
