// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

/** Sends messages to peers; a message may be lost. For use by any thread. */
public interface MessageSender {
    void to(String host, Message message);
}
