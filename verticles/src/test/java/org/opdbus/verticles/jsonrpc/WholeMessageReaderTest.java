// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.limits.ByteBudget;

/** All that holds for the other reader; and an unfinished message costs what was sent, and no more. */
final class WholeMessageReaderTest extends JsonMessageReaderTest {
    private final ByteBudget budget = new ByteBudget(1 << 20);
    private final MessageReader reader = reader(new JsonRpcLimits(100_000, 1_000, 20, 1, 1), budget.open(() -> {}));

    @Override
    MessageReader reader(JsonRpcLimits limits, ByteBudget.Share share) {
        return new WholeMessageReader(limits, share);
    }

    @Override
    long unfinishedMin() {
        return 2_706;
    }

    @Override
    long unfinishedMax() {
        return 4_000;
    }

    @Test
    void a_message_that_comes_byte_by_byte_counts_twice_its_length_at_most() {
        JsonObject message = new JsonObject().put("text", "x".repeat(50_000));
        Buffer bytes = message.toBuffer();
        for (int i = 0; i < bytes.length() - 1; i++) {
            reader.feed(bytes.getBuffer(i, i + 1));
            assertThat(reader.next()).isEmpty();
            assertThat(budget.held()).isLessThanOrEqualTo(2L * (i + 1));
        }
        reader.feed(bytes.getBuffer(bytes.length() - 1, bytes.length()));
        assertThat(reader.next()).contains(message);
        assertThat(reader.next()).isEmpty();
        assertThat(budget.held()).isZero();
    }

    @Test
    void white_space_between_messages_counts_neither_as_held_nor_as_length() {
        for (int i = 0; i < 100; i++) {
            reader.feed(Buffer.buffer(" ".repeat(10_000)));
            assertThat(reader.next()).isEmpty();
            assertThat(budget.held()).isZero();
        }
    }

    @Test
    void a_character_that_json_does_not_have_is_refused_before_the_message_ends() {
        for (String wrong : new String[] {"{\"a\":@", "{\"a\":\"\u0001", "{\"a\":\u00e9", "{\"a\":'"}) {
            MessageReader fresh = reader(new JsonRpcLimits(100, 100, 20, 1, 1), budget.open(() -> {}));
            fresh.feed(Buffer.buffer(wrong));
            assertThatThrownBy(fresh::next)
                    .as(wrong)
                    .isInstanceOfSatisfying(
                            JsonRpcException.class,
                            e -> assertThat(e.reason()).isEqualTo(JsonRpcException.Reason.MALFORMED));
        }
    }

    @Test
    void brackets_that_do_not_match_are_refused_when_the_message_ends() {
        reader.feed(Buffer.buffer("{\"a\":[1}]"));
        assertThatThrownBy(reader::next).isInstanceOf(JsonRpcException.class);
    }
}
