// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The messages on a container's command socket, as liblxc (src/lxc/commands.h) lays them out on a
 * 64-bit machine.
 *
 * <p>Request: {@code int command, int length, pointer}. Answer: {@code int result, int length,
 * pointer}; a small result stands in the pointer itself. The numbers come from strace on LXC 5.0.2.
 * They have not changed in liblxc since 2.1, because a new program must be able to talk to an old
 * monitor.
 */
final class CommandMessage {
    /**
     * The only command that the agent sends. The monitor answers it at once and keeps no trace of
     * it.
     */
    static final int GET_INIT_PID = 4;

    static final int ANSWER_BYTES = 16;

    /**
     * The header of an answer.
     *
     * @param result 0, or the command's result, or a negative errno
     * @param value the content of the pointer
     */
    record Answer(int result, long value) {}

    private CommandMessage() {}

    /** Returns a request without data. */
    static byte[] request(int command) {
        return ByteBuffer.allocate(ANSWER_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(command)
                .array();
    }

    static Answer answer(ByteBuffer bytes) {
        ByteBuffer header = bytes.duplicate().order(ByteOrder.nativeOrder());
        int result = header.getInt();
        header.getInt();
        return new Answer(result, header.getLong());
    }
}
