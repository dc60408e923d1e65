// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats;

import java.io.IOException;

/** Connects to NATS systems. Its implementation needs a library that is loaded only when it is used. */
public interface NatsEngine {
    /** The class that implements this one and has to be loaded with the library. */
    String IMPLEMENTATION = NatsEngine.class.getPackageName() + ".client.JnatsEngine";

    /** Receives the events of a link, on the library's threads, which it must not block. */
    interface Listener {
        /** The link has ended by itself. */
        void ended();

        /** Another host shows this trust bundle; not checked. */
        void trustHeard(String text);
    }

    /**
     * Connects to one of the servers. Waits some seconds for each.
     *
     * @throws IOException if none can be used, with the reason of the last one
     */
    NatsLink connect(NatsSettings settings, Listener listener) throws IOException;
}
