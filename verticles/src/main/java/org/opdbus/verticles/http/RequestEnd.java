// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.netty.buffer.ByteBuf;

/** Finds the ends of the requests without a body that come over one connection, one after the other. Confined to one thread. */
final class RequestEnd {
    private static final int LINE_END = '\n';
    private static final int CARRIAGE_RETURN = '\r';
    private static final int DELETE = 0x7f;

    private boolean hasBegun;
    private boolean isAfterLineEnd;

    /** Returns whether a request has begun that has not ended. */
    boolean hasBegun() {
        return hasBegun;
    }

    /**
     * Looks at the next bytes.
     *
     * @return the index behind the empty line that ends the request (RFC 9112 section 2.1), or -1; what is behind it must be passed again
     */
    int find(ByteBuf bytes) {
        for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
            int each = bytes.getUnsignedByte(i);
            if (!hasBegun) {
                // The codec ignores these before a request.
                hasBegun = each > ' ' && each != DELETE;
                isAfterLineEnd = false;
            } else if (each == LINE_END) {
                if (isAfterLineEnd) {
                    hasBegun = false;
                    return i + 1;
                }
                isAfterLineEnd = true;
            } else if (each != CARRIAGE_RETURN) {
                isAfterLineEnd = false;
            }
        }
        return -1;
    }
}
