// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import io.vertx.core.buffer.Buffer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSigner;

/** What carries the messages of the played hosts: an engine of the cluster. Safe for use by any thread. */
public interface PlayedWire extends AutoCloseable {
    /** Publishes how far a host's ledger has come. */
    void head(String from, Buffer head);

    /** Publishes facts that are not recorded. */
    void facts(String from, Buffer facts);

    /**
     * A host has recorded entries.
     *
     * @param entries the message with them
     * @return the bytes that were published for it; 0 if nobody is told
     */
    int recorded(String from, Message.Entries entries, MessageSigner signer);

    /** Asks for entries of the agent. Returns whether the agent itself was asked. */
    boolean fetch(String from, Buffer question);

    /** Sends a message of a host to the agent. */
    void send(String from, Buffer message);

    /**
     * Passes on what arrives, until this is closed.
     *
     * @param toOne receives the host's name with each message to it
     * @param toAll receives each message to all hosts
     */
    void receive(BiConsumer<String, Buffer> toOne, Consumer<Buffer> toAll);

    /** Returns what this does not play of a cluster of so many hosts, for people. */
    String leftOut();

    @Override
    void close();
}
