// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.buffer.Buffer;

/** Takes what a reader is to get. For the event loop. */
interface ReaderOutput {
    /** Returns whether the reader must take what it was sent before it gets more; also after the end. */
    boolean isFull();

    /** Sends a piece. */
    void write(Buffer piece);

    /** Closes the connection, without waiting for the reader. */
    void end();
}
