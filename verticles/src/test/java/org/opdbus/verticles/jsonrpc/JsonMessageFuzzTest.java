// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
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

    /**
     * What a reader made of a stream.
     *
     * @param over after how many bytes it had the last message; exact only if it got the bytes one by one
     */
    private record Outcome(List<JsonObject> messages, boolean isRefused, int over) {
        boolean agrees(Outcome other) {
            return isRefused == other.isRefused && messages.equals(other.messages);
        }
    }

    @FuzzTest
    void stream(byte[] bytes) {
        Outcome atOnce = read(asItComes(), bytes, bytes.length);
        Outcome byBytes = read(asItComes(), bytes, 1);
        assertThat(byBytes).matches(atOnce::agrees, "the same byte by byte");
        assertThat(read(asItComes(), bytes, 7)).matches(atOnce::agrees, "the same in pieces");

        Outcome whole = read(whole(), bytes, bytes.length);
        assertThat(read(whole(), bytes, 1)).matches(whole::agrees, "the same byte by byte");
        assertThat(read(whole(), bytes, 7)).matches(whole::agrees, "the same in pieces");
        assertThat(whole.messages).isEqualTo(atOnce.messages);
        // Of a message that is not whole, one reader may see earlier than the other that it cannot become JSON.
        assertThat(atOnce.isRefused || !whole.isRefused || isUnfinished(bytes, byBytes.over))
                .as("whole messages are refused by both or by none")
                .isTrue();
    }

    private static boolean isUnfinished(byte[] bytes, int from) {
        return !new String(bytes, from, bytes.length - from, StandardCharsets.ISO_8859_1).isBlank();
    }

    private static MessageReader asItComes() {
        return new JsonMessageReader(LIMITS, ByteBudget.unlimited().open(() -> {}));
    }

    private static MessageReader whole() {
        return new WholeMessageReader(LIMITS, ByteBudget.unlimited().open(() -> {}));
    }

    private static Outcome read(MessageReader reader, byte[] bytes, int step) {
        List<JsonObject> messages = new ArrayList<>();
        int over = 0;
        try {
            Buffer all = Buffer.buffer(bytes);
            for (int at = 0; at < bytes.length; at += step) {
                reader.feed(all.getBuffer(at, Math.min(bytes.length, at + step)));
                for (Optional<JsonObject> next = reader.next(); next.isPresent(); next = reader.next()) {
                    messages.add(next.get());
                    over = Math.min(bytes.length, at + step);
                }
            }
            return new Outcome(messages, false, over);
        } catch (JsonRpcException refused) {
            return new Outcome(messages, true, over);
        }
    }
}
