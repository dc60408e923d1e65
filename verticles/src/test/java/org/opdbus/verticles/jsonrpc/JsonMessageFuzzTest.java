// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Whatever a peer sends: messages or a refusal, and the same ones wherever the stream is cut into pieces. */
final class JsonMessageFuzzTest {
    private static final int BYTES_MAX = 4096;
    private static final int NESTING_MAX = 32;

    @FuzzTest
    void stream(byte[] bytes) {
        String whole = read(bytes, bytes.length);
        assertThat(read(bytes, 1)).isEqualTo(whole);
        assertThat(read(bytes, 7)).isEqualTo(whole);
    }

    private static String read(byte[] bytes, int step) {
        List<JsonObject> messages = new ArrayList<>();
        JsonMessageReader reader = new JsonMessageReader(BYTES_MAX, NESTING_MAX, messages::add);
        try {
            Buffer all = Buffer.buffer(bytes);
            for (int at = 0; at < bytes.length; at += step) {
                reader.feed(all.getBuffer(at, Math.min(bytes.length, at + step)));
            }
            return messages + "";
        } catch (JsonRpcException refused) {
            return messages + " refused";
        }
    }
}
