// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.jsonrpc.JsonRpcException.Reason;
import org.opdbus.verticles.limits.ByteBudget;

class JsonMessageReaderTest {
    private static final JsonRpcLimits LIMITS = new JsonRpcLimits(10_000, 1_000, 20, 1, 1);

    private final List<JsonObject> read = new ArrayList<>();
    private final MessageReader reader = cutter(10_000, 20);

    /** The reader that is tested. */
    MessageReader reader(JsonRpcLimits limits, ByteBudget.Share share) {
        return new JsonMessageReader(limits, share);
    }

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
            MessageReader cutter = cutter(1 << 20, 20);
            int most = 1 + random.nextInt(round % 3 == 0 ? 3 : 500);
            for (int at = 0; at < stream.length(); ) {
                int end = Math.min(stream.length(), at + 1 + random.nextInt(most));
                feed(cutter, stream.slice(at, end), found);
                at = end;
            }
            assertThat(found).as("seed %s, round %s", seed, round).isEqualTo(messages);
        }
    }

    @Test
    void a_message_is_handed_on_with_its_last_byte() {
        feed(reader, Buffer.buffer("{\"a\":1"), read);
        assertThat(read).isEmpty();
        feed(reader, Buffer.buffer("}{\"b\":"), read);
        assertThat(read).containsExactly(new JsonObject().put("a", 1));
        feed(reader, Buffer.buffer("null}"), read);
        assertThat(read).hasSize(2);
    }

    @Test
    void what_is_no_json_object_is_refused_and_what_came_before_it_is_not_lost() {
        for (String garbage :
                List.of("nonsense ", "}", "[1]", "7 ", "\"text\"", "{\"a\":1,}", "{'a':1}", "\0\0", "{\"a\" 1}")) {
            List<JsonObject> before = new ArrayList<>();
            MessageReader fresh = cutter(1000, 10);
            assertRefused(fresh, "{\"x\":1}" + garbage, before);
            assertThat(before).as(garbage).containsExactly(new JsonObject().put("x", 1));
        }
    }

    @Test
    void a_message_that_is_too_deep_is_refused_before_it_ends() {
        feed(reader, Buffer.buffer("{\"a\":" + "[".repeat(19) + "]".repeat(19) + "}"), read);
        assertThat(read).hasSize(1);
        assertRefused(reader, "{\"a\":" + "[".repeat(20));
    }

    @Test
    void a_message_that_is_too_long_is_refused_before_it_ends() {
        feed(reader, message(9_990), read);
        feed(reader, message(9_990), read);
        feed(reader, Buffer.buffer(" ".repeat(50_000)), read);
        feed(reader, message(9_990), read);
        assertThat(read).hasSize(3);

        assertRefused(reader, "{\"a\":\"" + "x".repeat(10_000));
        assertRefused(cutter(100, 10), message(101).toString());
        MessageReader slow = cutter(1_000, 10);
        feed(slow, Buffer.buffer("{"), read);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        feed(slow, Buffer.buffer("\"k" + i + "\":1,"), read);
                    }
                })
                .isInstanceOf(JsonRpcException.class)
                .hasMessageContaining("longer than 1000 bytes");
    }

    @Test
    void a_message_of_too_many_values_is_refused_before_it_ends() {
        feed(reader, Buffer.buffer("{\"a\":[" + "{},".repeat(900) + "1]}"), read);
        assertThat(read).hasSize(1);
        assertRefused(reader, "{\"a\":[" + "{},".repeat(1_000));
    }

    @Test
    void a_number_that_no_double_can_be_is_refused() {
        assertRefused(cutter(1_000, 10), "{\"id\":1e400}");
        assertRefused(cutter(1_000, 10), "{\"id\":-1e400}");
        assertRefused(cutter(1_000, 10), "{\"id\":" + "9".repeat(400) + "}");
    }

    @Test
    void what_is_unfinished_counts_and_what_is_finished_does_not() {
        ByteBudget budget = new ByteBudget(1 << 20);
        MessageReader counting = reader(LIMITS, budget.open(() -> {}));
        feed(counting, Buffer.buffer("{\"a\":[" + "{},".repeat(900)), read);
        assertThat(budget.held()).isBetween(unfinishedMin(), unfinishedMax());
        feed(counting, Buffer.buffer("1]}{\"b\":"), read);
        assertThat(budget.held()).isLessThanOrEqualTo(2 * unfinishedMax());
        feed(counting, Buffer.buffer("1}"), read);
        assertThat(read).hasSize(2);
        assertThat(budget.held()).isZero();
    }

    /** What 2,706 bytes of 902 names and values count while they are unfinished. */
    long unfinishedMin() {
        return 88_000;
    }

    long unfinishedMax() {
        return 120_000;
    }

    @Test
    void the_largest_of_many_unfinished_messages_is_given_up_while_it_is_read() {
        ByteBudget budget = new ByteBudget(unfinishedMax());
        MessageReader small = reader(LIMITS, budget.open(() -> {}));
        MessageReader large = reader(LIMITS, budget.open(() -> {}));
        feed(small, Buffer.buffer("{\"a\":[" + "{},".repeat(400)), read);
        assertThatThrownBy(() -> feed(large, Buffer.buffer("{\"a\":[" + "{},".repeat(990)), read))
                .isInstanceOfSatisfying(
                        JsonRpcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERLOADED));
        assertThat(budget.held()).isLessThanOrEqualTo(unfinishedMax());
    }

    private MessageReader cutter(int bytesMax, int nestingMax) {
        return reader(
                new JsonRpcLimits(bytesMax, 1_000, nestingMax, 1, 1),
                ByteBudget.unlimited().open(() -> {}));
    }

    private static void feed(MessageReader reader, Buffer bytes, List<JsonObject> found) {
        reader.feed(bytes);
        for (Optional<JsonObject> next = reader.next(); next.isPresent(); next = reader.next()) {
            found.add(next.get());
        }
    }

    /** A message of exactly this many bytes. */
    private static Buffer message(int bytes) {
        return Buffer.buffer("{\"a\":\"" + "x".repeat(bytes - 8) + "\"}");
    }

    private void assertRefused(MessageReader reader, String text) {
        assertRefused(reader, text, read);
    }

    private static void assertRefused(MessageReader reader, String text, List<JsonObject> found) {
        assertThatThrownBy(() -> feed(reader, Buffer.buffer(text), found))
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
