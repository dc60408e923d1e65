// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The filter passes, drops or refuses any bytes of a NATS server, and says why in words that fit into a line of the log. */
final class IncomingBytesFuzzTest {
    private static final int WORDS_LENGTH_MAX = 310;

    /** However the stream is cut, the same of it reaches the library, and no announcement of a large message. */
    @FuzzTest
    void bytes(byte[] bytes) {
        byte[] whole = passed(bytes, Math.max(1, bytes.length));
        assertThat(passed(bytes, 1)).isEqualTo(whole);
        assertThat(passed(bytes, 7)).isEqualTo(whole);
        assertThat(whole.length).isLessThanOrEqualTo(bytes.length);
        assertThat(passed(whole, 1)).isEqualTo(whole);
    }

    @Test
    void a_message_that_is_too_large_or_has_other_headers_is_left_out_and_the_rest_comes() {
        String large = "x".repeat(IncomingBytes.MESSAGE_MAX + 1);
        String sent = "INFO {}\r\nMSG large 1 " + large.length() + "\r\n" + large + "\r\nPING\r\n"
                + "HMSG odd 1 14 16\r\nno headers\r\n\r\n"
                + "..\r\nMSG small 1 reply 2\r\nok\r\nMSG small 1  2\r\nok\r\n"
                + "HMSG good 1 21 23\r\nNATS/1.0\r\nName: v\r\n\r\nok\r\n";
        assertThat(new String(passed(sent.getBytes(StandardCharsets.UTF_8), 1000), StandardCharsets.UTF_8))
                .isEqualTo(String.join(
                        "\r\n",
                        "INFO {}",
                        "PING",
                        "MSG small 1 reply 2",
                        "ok",
                        "MSG small 1  2",
                        "ok",
                        "HMSG good 1 21 23",
                        "NATS/1.0",
                        "Name: v",
                        "",
                        "ok",
                        ""));
    }

    /** Returns what reaches the library, up to where the server is refused. */
    private static byte[] passed(byte[] bytes, int piece) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        IncomingBytes incoming = new IncomingBytes(why -> assertThat(why).hasSizeLessThan(WORDS_LENGTH_MAX));
        byte[] given = new byte[100];
        boolean isRefused = false;
        for (int at = 0; at < bytes.length && !isRefused; at += piece) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(at + piece, bytes.length));
            try {
                incoming.take(part, part.length);
            } catch (IOException refused) {
                assertThat(refused.getMessage()).hasSizeLessThan(WORDS_LENGTH_MAX);
                isRefused = true;
            }
            for (int count = given.length; count > 0; ) {
                count = incoming.give(given, 0, given.length);
                passed.write(given, 0, count);
            }
        }
        return passed.toByteArray();
    }
}
