// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Options;
import io.nats.client.impl.SocketDataPortWithWriteTimeout;
import java.io.IOException;

/**
 * The socket of a connection, with what comes from the server filtered by {@link IncomingBytes}. The library makes it by its
 * name, and reads from one thread at a time.
 */
public final class FilteredDataPort extends SocketDataPortWithWriteTimeout {
    private static final int CHUNK_BYTES = 64 << 10;

    private final byte[] chunk = new byte[CHUNK_BYTES];
    private IncomingBytes incoming = new IncomingBytes(why -> {});

    /** An error listener of the library that learns of messages that were left out. */
    interface Listener {
        /** A message was left out. */
        void leftOut(String why);
    }

    /** Called by name. */
    public FilteredDataPort() {}

    @Override
    public void afterConstruct(Options options) {
        super.afterConstruct(options);
        if (options.getErrorListener() instanceof Listener listener) {
            incoming = new IncomingBytes(listener::leftOut);
        }
    }

    @Override
    public int read(byte[] bytes, int from, int most) throws IOException {
        int given = incoming.give(bytes, from, most);
        while (given == 0) {
            int count = super.read(chunk, 0, chunk.length);
            if (count < 0) {
                return count;
            }
            incoming.take(chunk, count);
            given = incoming.give(bytes, from, most);
        }
        return given;
    }

    /** What came in clear after the first line would count as if it had come by TLS. */
    @Override
    public void upgradeToSecure() throws IOException {
        if (!incoming.isEmpty()) {
            throw new IOException("the server sends more than one line before TLS");
        }
        super.upgradeToSecure();
    }
}
