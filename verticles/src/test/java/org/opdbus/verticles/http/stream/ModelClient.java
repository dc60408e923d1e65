// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;

/** A client that takes what it is sent at its own pace. */
final class ModelClient implements ReaderOutput {
    /** As much as a connection holds for a client that takes nothing. */
    private static final int FULL_BYTES = 32 << 10;

    final StreamModel model = new StreamModel();
    private Buffer unsent = Buffer.buffer();
    private boolean isOpen;

    /** Begins a new connection. */
    void connected() {
        unsent = Buffer.buffer();
        model.cut();
        isOpen = true;
    }

    boolean isOpen() {
        return isOpen;
    }

    /** Returns how many bytes it has not taken. */
    int waiting() {
        return unsent.length();
    }

    @Override
    public boolean isFull() {
        return !isOpen || unsent.length() > FULL_BYTES;
    }

    @Override
    public void write(Buffer piece) {
        unsent.appendBuffer(piece);
        assertThat(unsent.length()).as("bytes held for a client").isLessThan(4 * FULL_BYTES);
    }

    @Override
    public void end() {
        isOpen = false;
    }

    /** Takes so many bytes of what was sent, or all. */
    void take(int bytes) {
        int some = Math.min(bytes, unsent.length());
        model.read(unsent.getBuffer(0, some));
        unsent = Buffer.buffer().appendBuffer(unsent.getBuffer(some, unsent.length()));
    }
}
