// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.nats.client.support.IncomingHeadersProcessor;
import io.nats.client.support.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An answer of a server as the library hands it over. */
final class FakeAnswer extends NatsMessage {
    private static final String HEADERS_END = "\r\n\r\n";

    private final @Nullable Status answered;

    FakeAnswer(@Nullable Headers headers, @Nullable Status answered, byte[] data) {
        super("inbox", null, headers, data);
        this.answered = answered;
    }

    /** Returns the answer with these bytes: headers, if there are any that the library understands, and data. */
    static FakeAnswer of(byte[] bytes) {
        int end = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(HEADERS_END) + HEADERS_END.length();
        try {
            IncomingHeadersProcessor headers = new IncomingHeadersProcessor(Arrays.copyOf(bytes, end));
            return new FakeAnswer(
                    headers.getHeaders(), headers.getStatus(), Arrays.copyOfRange(bytes, end, bytes.length));
        } catch (RuntimeException none) {
            return new FakeAnswer(null, null, bytes);
        }
    }

    @Override
    public boolean isStatusMessage() {
        return answered != null;
    }

    @Override
    public @Nullable Status getStatus() {
        return answered;
    }
}
