// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.opdbus.verticles.cluster.wire.SignedMessage.ForgedException;

/**
 * Any bytes that another host sends are a message that its sender signed for this host, or are refused; so are any that
 * a member has signed.
 */
final class SignedMessageFuzzTest {
    private static final FakeSigner MEMBER = new FakeSigner("member");

    @FuzzTest
    void message(byte[] bytes) {
        Buffer sent = Buffer.buffer(bytes);
        read(sent);
        if (bytes.length > 0) {
            read(SignedMessage.signed(sent, MEMBER))
                    .ifPresent(message -> assertThat(message.host()).isEqualTo("member"));
        }
    }

    private static Optional<Message> read(Buffer sent) {
        try {
            return SignedMessage.read(sent, "here", MEMBER);
        } catch (ForgedException | IllegalArgumentException refused) {
            return Optional.empty();
        }
    }
}
