// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.cluster.wire.Message.AskClaim;
import org.opdbus.verticles.cluster.wire.Message.AskEntries;
import org.opdbus.verticles.cluster.wire.Message.AskHead;
import org.opdbus.verticles.cluster.wire.Message.AskProof;
import org.opdbus.verticles.cluster.wire.Message.AskRows;
import org.opdbus.verticles.cluster.wire.Message.Claim;
import org.opdbus.verticles.cluster.wire.Message.Entries;
import org.opdbus.verticles.cluster.wire.Message.Held;
import org.opdbus.verticles.cluster.wire.Message.LedgerHead;
import org.opdbus.verticles.cluster.wire.Message.LiveFacts;
import org.opdbus.verticles.cluster.wire.Message.Proof;
import org.opdbus.verticles.cluster.wire.Message.Rows;

class WireTest {
    private static final LiveFact FACT = new LiveFact(
            Instant.parse("2026-01-05T10:11:12.131415Z"),
            "link.appeared",
            "veth1",
            new JsonObject().put("link", "veth1"));

    @Test
    void every_kind_of_message_is_read_as_it_was_written() throws SignedMessage.ForgedException {
        List<Message> all = List.of(
                new LedgerHead("pve1", 1, 2, 3, 4, "1.0", "note\n", "key", 8, 9),
                new LiveFacts("pve1", 1, 7, List.of(FACT)),
                new AskEntries("pve1", 1, 2),
                new Entries("pve1", 1, List.of("{}")),
                new AskRows("pve1"),
                new Rows("pve1", 1, 2, 5, List.of("{\"id\":\"100\"}")),
                new AskProof("pve1", "a", "b"),
                new Proof("pve1", "a", "b", "c", ""),
                new AskClaim("pve1", 1, List.of("100")),
                new Claim("pve1", 1, true, Map.of("100", Instant.EPOCH)),
                new AskHead("pve1", 1),
                new Held("pve1", 1, "note\n"));
        for (Message message : all) {
            assertThat(Wire.read(Wire.write(message, "pve2"))).contains(message);
            assertThat(SignedMessage.read(
                            SignedMessage.write(message, "pve2", new FakeSigner("pve1")),
                            "pve2",
                            new FakeSigner("pve2")))
                    .contains(message);
        }
    }

    @Test
    void a_newer_version_may_add_fields_and_kinds_of_events_and_of_messages() {
        JsonObject newer =
                Wire.write(new LiveFacts("pve1", 1, 7, List.of(FACT)), "pve2").toJsonObject();
        newer.put("v", 3).put("compression", "none");
        newer.getJsonArray("facts").getJsonObject(0).put("kind", "moon.rose").put("phase", new JsonObject());

        assertThat(Wire.read(newer.toBuffer()))
                .get()
                .isInstanceOfSatisfying(
                        LiveFacts.class,
                        read -> assertThat(read.facts()).singleElement().satisfies(fact -> {
                            assertThat(fact.kind()).isEqualTo("moon.rose");
                            assertThat(fact.data()).isEqualTo(FACT.data());
                        }));
        assertThat(Wire.read(newer.put("kind", "gossip").toBuffer())).isEmpty();
    }

    @Test
    void a_head_of_an_older_agent_does_not_say_when_the_next_one_comes() {
        LedgerHead head = new LedgerHead("a", 1, 2, 3, 4, "1.0", "note", "key", 8, 2_000);
        JsonObject older = Wire.write(head, "b").toJsonObject();
        assertThat(older.remove("next_ms")).isEqualTo(2_000);
        assertThat(Wire.read(older.toBuffer())).contains(new LedgerHead("a", 1, 2, 3, 4, "1.0", "note", "key", 8, 0));
        for (Object wrong : new Object[] {-1, "2000", 1.5, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> Wire.read(older.put("next_ms", wrong).toBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void what_is_malformed_or_too_long_is_refused() {
        assertThatThrownBy(() -> Wire.read(Buffer.buffer("{"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wire.read(Buffer.buffer("{\"v\":2,\"kind\":\"live\",\"host\":\"a\"}")))
                .isInstanceOf(IllegalArgumentException.class);
        JsonObject head = Wire.write(new LedgerHead("a", 1, 2, 3, 4, "1.0", "note", "key", 8, 9), "b")
                .toJsonObject();
        for (Object wrong : new Object[] {-1, 1.5, "1", true, null, Long.MAX_VALUE, new JsonObject()}) {
            assertThatThrownBy(() -> Wire.read(head.copy().put("run", wrong).toBuffer()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("run");
        }
        for (Object wrong : new Object[] {1, true, null, new JsonObject()}) {
            assertThatThrownBy(() -> Wire.read(head.copy().put("key", wrong).toBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Wire.read(head.copy().put("host", wrong).toBuffer()))
                    .hasMessageContaining("host");
            assertThatThrownBy(() -> Wire.read(head.copy().put("kind", wrong).toBuffer()))
                    .hasMessageContaining("kind");
        }
        assertThatThrownBy(
                        () -> Wire.read(head.copy().put("host", "a".repeat(257)).toBuffer()))
                .hasMessageContaining("host");
        JsonObject entries = Wire.write(new Entries("a", 1, List.of("{}")), "b").toJsonObject();
        for (Object wrong : new Object[] {"{}", 1, new JsonArray().addNull(), new JsonArray().add(1)}) {
            assertThatThrownBy(
                            () -> Wire.read(entries.copy().put("lines", wrong).toBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        JsonObject claim = Wire.write(new Claim("a", 1, true, Map.of("100", Instant.EPOCH)), "b")
                .toJsonObject();
        assertThatThrownBy(() -> Wire.read(claim.copy().put("caughtUp", 1).toBuffer()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wire.read(claim.copy()
                        .put("running", new JsonObject().put("100", "yesterday"))
                        .toBuffer()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wire.read(Buffer.buffer(head.encode() + " {}")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wire.read(Buffer.buffer("{\"v\":1,\"kind\":\"head\",\"host\":\"a\"}")))
                .hasMessageContaining("earlier");
        assertThatThrownBy(() -> Wire.read(Buffer.buffer(new byte[Wire.BYTES_MAX + 1])))
                .hasMessageContaining("bytes long");
    }

    @Test
    void only_what_its_host_signed_is_read() {
        Buffer signed = SignedMessage.write(new AskHead("a", 1), "pve2", new FakeSigner("a"));
        Buffer changed = Buffer.buffer(signed.toString().replace("\"question\":1", "\"question\":2"));
        assertThatThrownBy(() -> SignedMessage.read(changed, "pve2", new FakeSigner("b")))
                .isInstanceOfSatisfying(
                        SignedMessage.ForgedException.class,
                        e -> assertThat(e.by()).isEqualTo("a"))
                .hasMessageContaining("not valid");
        Buffer ofAnother = SignedMessage.write(new AskHead("a", 1), "pve2", new FakeSigner("c"));
        assertThatThrownBy(() -> SignedMessage.read(ofAnother, "pve2", new FakeSigner("b")))
                .isInstanceOfSatisfying(
                        SignedMessage.ForgedException.class,
                        e -> assertThat(e.by()).isEqualTo("c"))
                .hasMessageContaining("in the name of a");
        Buffer forAnother = SignedMessage.write(new AskHead("a", 1), "pve3", new FakeSigner("a"));
        assertThatThrownBy(() -> SignedMessage.read(forAnother, "pve2", new FakeSigner("b")))
                .isInstanceOfSatisfying(
                        SignedMessage.ForgedException.class,
                        e -> assertThat(e.reason().isProved()).isFalse())
                .hasMessageContaining("a signed it for pve3");
        Buffer unsigned = Wire.write(new AskHead("a", 1), "pve2");
        assertThatThrownBy(() -> SignedMessage.read(unsigned, "pve2", new FakeSigner("b")))
                .isInstanceOf(SignedMessage.ForgedException.class);
    }

    @Test
    void what_one_event_and_one_head_cost_on_the_wire() {
        int one = Wire.write(new LiveFacts("pve1", 1_700_000_000_000L, 1, List.of(FACT)), "pve2")
                .length();
        int hundred = Wire.write(new LiveFacts("pve1", 1_700_000_000_000L, 1, Collections.nCopies(100, FACT)), "pve2")
                .length();
        int head = Wire.write(
                        new LedgerHead(
                                "pve1",
                                1_700_000_000_000L,
                                1000,
                                1,
                                1000,
                                "1.0.0",
                                "n".repeat(180),
                                "k".repeat(80),
                                1,
                                2_000),
                        "pve2")
                .length();
        // The figures of docs/CLUSTER-PROTOCOL.md.
        assertThat(List.of(one, hundred / 100, head)).isEqualTo(List.of(179, 104, 419));
    }
}
