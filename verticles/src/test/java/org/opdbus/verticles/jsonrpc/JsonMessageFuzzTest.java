// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * Whatever a peer sends: messages or a refusal, and the same ones wherever the stream is cut into pieces. A reader that waits
 * for a whole message finds the same messages as one that makes objects as the bytes come.
 */
final class JsonMessageFuzzTest {
    private static final JsonRpcLimits LIMITS = new JsonRpcLimits(4_096, 4_096, 32, 1, 1);

    private static final byte BYTE_ORDER_MARK = (byte) 0xef;

    private record Outcome(List<JsonObject> messages, boolean isRefused) {}

    @FuzzTest
    void stream(byte[] bytes) {
        Outcome atOnce = read(asItComes(), bytes, bytes.length);
        assertThat(read(asItComes(), bytes, 1)).isEqualTo(atOnce);
        assertThat(read(asItComes(), bytes, 7)).isEqualTo(atOnce);

        Outcome whole = read(whole(), bytes, bytes.length);
        assertThat(read(whole(), bytes, 1)).isEqualTo(whole);
        assertThat(read(whole(), bytes, 7)).isEqualTo(whole);
        if (bytes.length > 0 && bytes[0] == BYTE_ORDER_MARK) {
            // Jackson passes over it at the start of a stream; RFC 8259 allows that and does not ask for it.
            return;
        }
        assertThat(whole.messages).isEqualTo(atOnce.messages);
        // One that is not whole may still become wrong.
        assertThat(atOnce.isRefused || !whole.isRefused).as("refused by both").isTrue();
    }

    private static MessageReader asItComes() {
        return new JsonMessageReader(LIMITS, ByteBudget.unlimited().open(() -> {}));
    }

    private static MessageReader whole() {
        return new WholeMessageReader(LIMITS, ByteBudget.unlimited().open(() -> {}));
    }

    private static Outcome read(MessageReader reader, byte[] bytes, int step) {
        List<JsonObject> messages = new ArrayList<>();
        try {
            Buffer all = Buffer.buffer(bytes);
            for (int at = 0; at < bytes.length; at += step) {
                reader.feed(all.getBuffer(at, Math.min(bytes.length, at + step)));
                for (Optional<JsonObject> next = reader.next(); next.isPresent(); next = reader.next()) {
                    messages.add(next.get());
                }
            }
            return new Outcome(messages, false);
        } catch (JsonRpcException refused) {
            return new Outcome(messages, true);
        }
    }
}
