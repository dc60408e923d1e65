// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Any bytes that another host sends are a message or are refused; a message can be sent on. */
final class WireFuzzTest {
    @FuzzTest
    void message(byte[] bytes) {
        Buffer sent = Buffer.buffer(bytes);
        assertThat(Wire.hostOf(sent)).isNotNull();
        Optional<Message> message;
        try {
            message = Wire.read(sent);
        } catch (IllegalArgumentException refused) {
            return;
        }
        if (message.isPresent()) {
            // A number that is too large for a reader of JSON is a text from then on.
            Message read = Wire.read(Wire.write(message.get(), "pve2")).orElseThrow();
            assertThat(Wire.read(Wire.write(read, "pve2"))).contains(read);
        }
    }
}
