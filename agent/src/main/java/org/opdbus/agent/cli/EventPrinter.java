// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryColumns;

/** Prints one event per line: as columns under a heading, or as JSON objects. */
final class EventPrinter {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);
    private static final TypeReference<Map<String, Object>> DATA = new TypeReference<>() {};

    private final ResultStream out;
    private final boolean json;
    private final boolean withHost;
    private boolean begun;

    EventPrinter(ResultStream out, boolean json, boolean withHost) {
        this.out = out;
        this.json = json;
        this.withHost = withHost;
    }

    /** Prints an event that the agent sent. */
    void print(JsonNode event) {
        if (json) {
            out.json(event.toString());
            return;
        }
        if (!begun) {
            out.line(withHost ? EntryColumns.hostEventHeader() : EntryColumns.eventHeader());
            begun = true;
        }
        String time = event.path("time").asText();
        String kind = event.path("kind").asText();
        String subject = event.path("subject").asText();
        Map<String, Object> data = data(event.path("data"));
        out.line(
                withHost
                        ? EntryColumns.hostEvent(time, event.path("host").asText(), kind, subject, data)
                        : EntryColumns.event(time, kind, subject, data));
    }

    /** Prints an event from its entry in the ledger. */
    void print(Entry entry) {
        try {
            ObjectNode event = (ObjectNode) JSON.readTree(entry.line());
            print(event.retain("time", "host", "kind", "subject", "data"));
        } catch (IOException e) {
            throw new IllegalStateException("an entry is a JSON object", e);
        }
    }

    private static Map<String, Object> data(JsonNode data) {
        try {
            return JSON.readerFor(DATA).readValue(data);
        } catch (IOException e) {
            throw new IllegalStateException("an event's data is a JSON object", e);
        }
    }
}
