// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.AgentStarted;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;

class PendingFactsTest {
    private final PendingFacts uncommitted = new PendingFacts("pve1");

    @Test
    void a_fact_is_on_its_way_until_its_entry_is_on_disk() {
        hear(started("a"));
        hear(new SourceListed(Source.LXC, 1));
        assertThat(asked().containsKey("height")).isFalse();
        assertThat(subjects()).containsExactly("a");
        hear(started("b"));
        hear(new EntryCommitted(7, "hash", started("a")));
        assertThat(asked().getLong("height")).isEqualTo(7);
        assertThat(subjects()).containsExactly("b");
    }

    @Test
    void what_a_later_entry_has_overtaken_never_comes() {
        hear(started("lost"));
        hear(started("b"));
        hear(started("c"));
        hear(new EntryCommitted(8, "hash", started("b")));
        assertThat(subjects()).containsExactly("c");
        hear(new EntryCommitted(9, "hash", started("another's")));
        assertThat(subjects()).containsExactly("c");
    }

    @Test
    void a_ledger_that_takes_nothing_is_waited_for_by_nothing() {
        hear(started("a"));
        hear(new LedgerDegraded("full"));
        hear(started("b"));
        assertThat(subjects()).isEmpty();
        hear(new LedgerRecovered(2));
        hear(started("c"));
        assertThat(subjects()).containsExactly("c");
    }

    @Test
    void only_requested_facts_are_returned_and_memory_is_bounded() {
        for (int i = 0; i < 5_000; i++) {
            hear(started("host" + i));
        }
        assertThat(subjects()).hasSize(4_096).last().isEqualTo("host4999");
        EventFilter filter =
                EventFilter.of(new JsonArray().add(new JsonObject().put("subjects", new JsonArray().add("host4000"))));
        assertThat(uncommitted.toJson(filter).getJsonArray("events")).hasSize(1);
    }

    private void hear(Event event) {
        uncommitted.hear(event, Instant.EPOCH);
    }

    private JsonObject asked() {
        return uncommitted.toJson(EventFilter.of(new JsonArray()));
    }

    private List<String> subjects() {
        return asked().getJsonArray("events").stream()
                .map(event -> ((JsonObject) event).getString("subject"))
                .toList();
    }

    private static AgentStarted started(String host) {
        return new AgentStarted(host, "1", "boot");
    }
}
