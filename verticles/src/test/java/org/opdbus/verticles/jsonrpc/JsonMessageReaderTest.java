// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.jsonrpc.JsonRpcException.Reason;

class JsonMessageReaderTest {
    private final List<JsonObject> read = new ArrayList<>();
    private final JsonMessageReader reader = new JsonMessageReader(10_000, 20, read::add);

    @Test
    void messages_are_found_however_the_stream_is_cut() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("JsonMessageReaderTest: -Dseed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<JsonObject> messages = new ArrayList<>();
            Buffer stream = Buffer.buffer();
            for (int i = random.nextInt(20); i >= 0; i--) {
                JsonObject message = object(random, 4);
                messages.add(message);
                stream.appendBuffer(message.toBuffer()).appendString(" \n\t".substring(random.nextInt(4)));
            }
            List<JsonObject> found = new ArrayList<>();
            JsonMessageReader cutter = new JsonMessageReader(1 << 20, 20, found::add);
            int most = 1 + random.nextInt(round % 3 == 0 ? 3 : 500);
            for (int at = 0; at < stream.length(); ) {
                int end = Math.min(stream.length(), at + 1 + random.nextInt(most));
                cutter.feed(stream.slice(at, end));
                at = end;
            }
            assertThat(found).as("seed %s, round %s", seed, round).isEqualTo(messages);
        }
    }

    @Test
    void a_message_is_handed_on_with_its_last_byte() {
        reader.feed(Buffer.buffer("{\"a\":1"));
        assertThat(read).isEmpty();
        reader.feed(Buffer.buffer("}{\"b\":"));
        assertThat(read).containsExactly(new JsonObject().put("a", 1));
        reader.feed(Buffer.buffer("null}"));
        assertThat(read).hasSize(2);
    }

    @Test
    void what_is_no_json_object_is_refused_and_what_came_before_it_is_not_lost() {
        for (String garbage :
                List.of("nonsense ", "}", "[1]", "7 ", "\"text\"", "{\"a\":1,}", "{'a':1}", "\0\0", "{\"a\" 1}")) {
            List<JsonObject> before = new ArrayList<>();
            JsonMessageReader fresh = new JsonMessageReader(1000, 10, before::add);
            assertRefused(fresh, "{\"x\":1}" + garbage);
            assertThat(before).as(garbage).containsExactly(new JsonObject().put("x", 1));
        }
    }

    @Test
    void a_message_that_is_too_deep_is_refused_before_it_ends() {
        reader.feed(Buffer.buffer("{\"a\":" + "[".repeat(19) + "]".repeat(19) + "}"));
        assertThat(read).hasSize(1);
        assertRefused(reader, "{\"a\":" + "[".repeat(20));
    }

    @Test
    void a_message_that_is_too_long_is_refused_before_it_ends() {
        reader.feed(message(9_990));
        reader.feed(message(9_990));
        reader.feed(Buffer.buffer(" ".repeat(50_000)));
        reader.feed(message(9_990));
        assertThat(read).hasSize(3);

        assertRefused(reader, "{\"a\":\"" + "x".repeat(10_000));
        assertRefused(new JsonMessageReader(100, 10, read::add), message(101).toString());
        JsonMessageReader slow = new JsonMessageReader(1_000, 10, read::add);
        slow.feed(Buffer.buffer("{"));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        slow.feed(Buffer.buffer("\"k" + i + "\":1,"));
                    }
                })
                .isInstanceOf(JsonRpcException.class)
                .hasMessageContaining("longer than 1000 bytes");
    }

    /** A message of exactly this many bytes. */
    private static Buffer message(int bytes) {
        return Buffer.buffer("{\"a\":\"" + "x".repeat(bytes - 8) + "\"}");
    }

    private static void assertRefused(JsonMessageReader reader, String text) {
        assertThatThrownBy(() -> reader.feed(Buffer.buffer(text)))
                .as(text)
                .isInstanceOfSatisfying(
                        JsonRpcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    }

    private static JsonObject object(Random random, int depth) {
        JsonObject object = new JsonObject();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.put(text(random), value(random, depth));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong();
            case 2 -> random.nextBoolean();
            case 3 -> random.nextGaussian();
            case 4 -> text(random);
            case 5 -> object(random, depth - 1);
            default -> {
                JsonArray array = new JsonArray();
                for (int i = random.nextInt(5); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array.addNull();
            }
        };
    }

    private static String text(Random random) {
        String letters = "ab\"\\{}[]\n\t\u0001é漢😀/:";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int at = letters.offsetByCodePoints(0, random.nextInt(letters.codePointCount(0, letters.length())));
            text.appendCodePoint(letters.codePointAt(at));
        }
        return text.toString();
    }
}
