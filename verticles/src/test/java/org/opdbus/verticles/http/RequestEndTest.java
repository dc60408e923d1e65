// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class RequestEndTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final RequestEnd end = new RequestEnd();

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void a_request_ends_behind_its_empty_line() {
        assertThat(end.find(bytes(REQUEST + REQUEST))).isEqualTo(REQUEST.length());
        assertThat(end.hasBegun()).isFalse();
        assertThat(end.find(bytes(REQUEST).skipBytes(2))).isEqualTo(REQUEST.length());
    }

    @Test
    void a_line_may_end_without_a_carriage_return() {
        assertThat(end.find(bytes("GET /\n\nx"))).isEqualTo(7);
        assertThat(end.find(bytes("GET /\n\r\nx"))).isEqualTo(8);
    }

    @Test
    void a_request_may_come_byte_by_byte() {
        for (int i = 0; i < REQUEST.length() - 1; i++) {
            assertThat(end.find(bytes(REQUEST.substring(i, i + 1)))).isEqualTo(-1);
            assertThat(end.hasBegun()).isTrue();
        }
        assertThat(end.find(bytes("\n"))).isEqualTo(1);
        assertThat(end.hasBegun()).isFalse();
    }

    @Test
    void blanks_and_line_ends_before_a_request_are_no_request() {
        assertThat(end.find(bytes("\r\n\r\n \u007f\t\n\n"))).isEqualTo(-1);
        assertThat(end.hasBegun()).isFalse();
        assertThat(end.find(bytes("\n\n" + REQUEST))).isEqualTo(2 + REQUEST.length());
    }
}
