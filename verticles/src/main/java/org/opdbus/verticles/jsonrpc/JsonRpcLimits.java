// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

/**
 * The limits of a connection.
 *
 * @param messageBytesMax the longest message that is read
 * @param valuesMax how many names and values a message may have: short ones take fifty times their
 * text in memory
 * @param nestingMax the largest depth of nested arrays and objects in a message
 * @param outstandingMax how many calls may wait for their answers, and how many requests may be
 * processed at once before reading pauses
 * @param unsentBytesMax how many bytes the other side may leave unread before the connection ends
 */
public record JsonRpcLimits(
        int messageBytesMax, int valuesMax, int nestingMax, int outstandingMax, int unsentBytesMax) {
    private static final int HEAP_PART = 6;
    private static final int HEAP_BYTES_PER_VALUE = 200;

    /**
     * For a server of large databases, such as ovsdb-server. Its listing must fit into the heap of
     * 96 MiB: 16 MiB of text with half a million names and values, which is more than 10,000 ports
     * take.
     */
    public static final JsonRpcLimits CLIENT = ofHeap(Runtime.getRuntime().maxMemory());

    /** For a socket that root's programs connect to; the largest message is a state file. */
    public static final JsonRpcLimits SERVER = new JsonRpcLimits(1 << 20, 100_000, 32, 64, 8 << 20);

    public JsonRpcLimits {
        if (messageBytesMax < 1 || valuesMax < 1 || nestingMax < 1 || outstandingMax < 1 || unsentBytesMax < 1) {
            throw new IllegalArgumentException("every limit must be at least 1");
        }
    }

    private static JsonRpcLimits ofHeap(long bytes) {
        return new JsonRpcLimits(
                (int) Math.min(64 << 20, bytes / HEAP_PART),
                (int) Math.min(4 << 20, bytes / HEAP_BYTES_PER_VALUE),
                64,
                1_000,
                16 << 20);
    }
}
