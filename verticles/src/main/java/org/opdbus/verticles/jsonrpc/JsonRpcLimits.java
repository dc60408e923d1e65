// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

/**
 * How much of anything a connection bears.
 *
 * @param messageBytesMax the longest message that is read
 * @param nestingMax how deep arrays and objects of a message may lie in each other
 * @param outstandingMax how many calls may wait for their answers, and how many requests may be in the works before
 *     reading pauses
 * @param unsentBytesMax how many bytes the other side may leave unread before the connection ends; half of it, in
 *     answers, pauses reading
 */
public record JsonRpcLimits(int messageBytesMax, int nestingMax, int outstandingMax, int unsentBytesMax) {
    /** For a trusted server of large databases, such as ovsdb-server. */
    public static final JsonRpcLimits CLIENT = new JsonRpcLimits(64 << 20, 64, 1_000, 16 << 20);

    /** For a socket that many local programs may connect to. */
    public static final JsonRpcLimits SERVER = new JsonRpcLimits(1 << 20, 32, 64, 8 << 20);

    public JsonRpcLimits {
        if (messageBytesMax < 1 || nestingMax < 1 || outstandingMax < 1 || unsentBytesMax < 1) {
            throw new IllegalArgumentException("every limit must be at least 1");
        }
    }
}
