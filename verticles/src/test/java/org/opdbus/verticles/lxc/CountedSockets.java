// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The real table of sockets; it counts how often it is read. */
final class CountedSockets implements ListeningSockets.Table {
    private final AtomicInteger reads = new AtomicInteger();

    @Override
    public Map<String, Long> read() throws IOException {
        reads.incrementAndGet();
        return ListeningSockets.read();
    }

    int reads() {
        return reads.get();
    }
}
