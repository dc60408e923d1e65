// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are messages, or are refused; nothing else comes of them. */
final class DBusMessageFuzzTest {
    @FuzzTest
    void stream(byte[] bytes) {
        MessageDecoder decoder = new MessageDecoder(new MessageDecoder.Receiver() {
            @Override
            public void received(BusMessage message) {
                assertThat(message.toString()).isNotNull();
                try {
                    assertThat(message.body().values()).isNotNull();
                } catch (MalformedMessageException refused) {
                    assertThat(refused).hasMessageNotContaining("\n");
                }
            }

            @Override
            public void tooLong(BusMessage header, long length) {
                assertThat(length).isGreaterThan(MessageDecoder.MESSAGE_BYTES_MAX);
            }
        });
        try {
            decoder.read(bytes);
        } catch (MalformedMessageException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
        }
    }
}
