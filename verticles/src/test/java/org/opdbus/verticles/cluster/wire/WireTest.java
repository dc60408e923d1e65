// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.cluster.Message.AskClaim;
import org.opdbus.verticles.cluster.Message.AskCopies;
import org.opdbus.verticles.cluster.Message.AskEntries;
import org.opdbus.verticles.cluster.Message.AskHead;
import org.opdbus.verticles.cluster.Message.AskProof;
import org.opdbus.verticles.cluster.Message.AskRows;
import org.opdbus.verticles.cluster.Message.Claim;
import org.opdbus.verticles.cluster.Message.Copies;
import org.opdbus.verticles.cluster.Message.Entries;
import org.opdbus.verticles.cluster.Message.Gone;
import org.opdbus.verticles.cluster.Message.Heartbeat;
import org.opdbus.verticles.cluster.Message.Held;
import org.opdbus.verticles.cluster.Message.Proof;
import org.opdbus.verticles.cluster.Message.Rows;

class WireTest {
    private static final Copy COPY = new Copy(
            "pve1",
            1_700_000_000_000L,
            7,
            41,
            Instant.parse("2026-01-05T10:11:12.131415Z"),
            "container.started",
            "100",
            new JsonObject().put("container", "100"),
            true,
            3);

    @Test
    void every_kind_of_message_is_read_as_it_was_written() {
        List<Message> all = List.of(
                new Copies("pve1", List.of(COPY)),
                new Heartbeat("pve1", 1, 2, 3, 4, 5, 6, 7, "1.0", "note\n", "key"),
                new AskCopies("pve1", 1, 2, 3, 4, 2),
                new Gone(
                        "pve1",
                        1,
                        2,
                        3,
                        true,
                        List.of(new HeightRanges.Range(4, 5), new HeightRanges.Range(7, 7)),
                        List.of()),
                new AskEntries("pve1", 1, 2),
                new Entries("pve1", 1, List.of("{}")),
                new Heartbeat("pve1", 1, 2, 3, 4, 5, 6, 7, "1.0", "note\n", "key").withTable(8),
                new AskRows("pve1", 0),
                new Rows("pve1", 1, 2, 3, 4, 5, List.of("{\"id\":\"100\"}")),
                new AskProof("pve1", "a", "b"),
                new Proof("pve1", "a", "b", "c", ""),
                new AskClaim("pve1", 1, List.of("100")),
                new Claim("pve1", 1, true, Map.of("100", Instant.EPOCH)),
                new AskHead("pve1", 1),
                new Held("pve1", 1, "note\n"));
        assertThat(all)
                .allSatisfy(
                        message -> assertThat(Wire.read(Wire.write(message))).contains(message));
    }

    @Test
    void a_newer_version_may_add_fields_and_kinds_of_events_and_of_messages() {
        JsonObject newer = Wire.write(new Copies("pve1", List.of(COPY))).toJsonObject();
        newer.put("v", 2).put("compression", "none");
        newer.getJsonArray("copies").getJsonObject(0).put("kind", "moon.rose").put("phase", new JsonObject());

        assertThat(Wire.read(newer.toBuffer()))
                .get()
                .isInstanceOfSatisfying(
                        Copies.class,
                        read -> assertThat(read.copies()).singleElement().satisfies(copy -> {
                            assertThat(copy.kind()).isEqualTo("moon.rose");
                            assertThat(copy.data()).isEqualTo(COPY.data());
                        }));
        assertThat(Wire.read(newer.put("kind", "gossip").toBuffer())).isEmpty();
    }

    @Test
    void what_is_malformed_or_too_long_is_refused() {
        assertThatThrownBy(() -> Wire.read(Buffer.buffer("{"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wire.read(Buffer.buffer("{\"v\":1,\"kind\":\"copies\",\"host\":\"a\"}")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wire.read(Buffer.buffer("{\"v\":1,\"kind\":\"gone\",\"host\":\"a\",\"epoch\":-1}")))
                .hasMessageContaining("epoch");
        assertThatThrownBy(() -> Wire.read(Buffer.buffer(new byte[Wire.BYTES_MAX + 1])))
                .hasMessageContaining("bytes long");
    }
}
