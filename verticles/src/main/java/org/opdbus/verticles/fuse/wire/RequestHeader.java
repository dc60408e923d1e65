// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;

/**
 * What every request begins with, {@code struct fuse_in_header}.
 *
 * @param opcode what is asked
 * @param unique what the reply must repeat
 * @param node the number of the file or folder that it is about
 * @param uid the user who asks, as the kernel says
 * @param gid the user's group
 * @param pid the thread that asks, in the process namespace of the opener of the device; 0 outside of it
 */
public record RequestHeader(int opcode, long unique, long node, int uid, int gid, int pid) {
    static final int BYTES = 40;

    /**
     * Reads the header at the buffer's position, and leaves the position after it and the limit at the end of the request.
     *
     * @throws MalformedRequestException if the buffer does not hold exactly one request
     */
    static RequestHeader read(ByteBuffer request) throws MalformedRequestException {
        int length = request.remaining();
        if (length < BYTES) {
            throw new MalformedRequestException("a request of " + length + " bytes has no header");
        }
        long told = Integer.toUnsignedLong(request.getInt());
        if (told != length) {
            throw new MalformedRequestException("a request of " + length + " bytes says that it has " + told);
        }
        int opcode = request.getInt();
        long unique = request.getLong();
        long node = request.getLong();
        int uid = request.getInt();
        int gid = request.getInt();
        int pid = request.getInt();
        int extensions = 8 * Short.toUnsignedInt(request.getShort());
        request.getShort();
        if (extensions > request.remaining()) {
            throw new MalformedRequestException("the extensions of a request are longer than the request");
        }
        request.limit(request.limit() - extensions);
        return new RequestHeader(opcode, unique, node, uid, gid, pid);
    }
}
