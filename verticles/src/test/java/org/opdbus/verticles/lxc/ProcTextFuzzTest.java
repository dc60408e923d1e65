// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Any content of /proc/net/unix, which holds names that any user chooses, and any answer of a command socket. */
final class ProcTextFuzzTest {
    @FuzzTest
    void unixSockets(byte[] bytes) {
        assertThat(ListeningSockets.parse(new String(bytes, StandardCharsets.UTF_8).lines()))
                .isNotNull();
    }

    @FuzzTest
    void answer(byte[] bytes) {
        // The reader passes on complete headers only.
        if (bytes.length >= CommandMessage.ANSWER_BYTES) {
            assertThat(CommandMessage.answer(ByteBuffer.wrap(bytes))).isNotNull();
        }
    }
}
