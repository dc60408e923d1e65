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

/** Whatever a peer sends: messages or a refusal, and the same ones wherever the stream is cut into pieces. */
final class JsonMessageFuzzTest {
    private static final JsonRpcLimits LIMITS = new JsonRpcLimits(4_096, 4_096, 32, 1, 1);

    @FuzzTest
    void stream(byte[] bytes) {
        String whole = read(bytes, bytes.length);
        assertThat(read(bytes, 1)).isEqualTo(whole);
        assertThat(read(bytes, 7)).isEqualTo(whole);
    }

    private static String read(byte[] bytes, int step) {
        List<JsonObject> messages = new ArrayList<>();
        JsonMessageReader reader =
                new JsonMessageReader(LIMITS, ByteBudget.unlimited().open(() -> {}));
        try {
            Buffer all = Buffer.buffer(bytes);
            for (int at = 0; at < bytes.length; at += step) {
                reader.feed(all.getBuffer(at, Math.min(bytes.length, at + step)));
                for (Optional<JsonObject> next = reader.next(); next.isPresent(); next = reader.next()) {
                    messages.add(next.get());
                }
            }
            return messages + "";
        } catch (JsonRpcException refused) {
            return messages + " refused";
        }
    }
}
