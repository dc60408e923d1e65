// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * The messages on a container's command socket, as liblxc (src/lxc/commands.h) lays them out on a 64-bit machine.
 *
 * <p>Request: {@code int command, int length, pointer}, then {@code length} bytes. Answer: {@code int result, int length,
 * pointer}; a small result stands in the pointer itself. The numbers were seen with strace on LXC 5.0.2; in liblxc's
 * history they have not changed since 2.1, because a new program must be able to talk to an old monitor.
 */
final class CommandMessage {
    static final int GET_STATE = 3;
    static final int GET_INIT_PID = 4;
    static final int ADD_STATE_CLIENT = 10;

    static final int ANSWER_BYTES = 16;
    /** struct lxc_msg: {@code int type, char name[256], int state}. */
    static final int STATE_MESSAGE_BYTES = 264;

    private static final int STATES = State.values().length;

    /** The states of a container in the order of liblxc's src/lxc/state.h. */
    enum State {
        STOPPED,
        STARTING,
        RUNNING,
        STOPPING,
        ABORTING,
        FREEZING,
        FROZEN,
        THAWED;

        /** Whether LXC has finished the start and not begun the end. */
        boolean isUp() {
            return this == RUNNING || this == FREEZING || this == FROZEN || this == THAWED;
        }
    }

    /**
     * An answer's header.
     *
     * @param result 0, or what the command says, or a negative errno
     * @param value what stands in the pointer
     */
    record Answer(int result, long value) {}

    private CommandMessage() {}

    /** A request without data. */
    static byte[] request(int command) {
        return bytes(header(command, 0));
    }

    /** Asks for one message when the container comes into one of these states. */
    static byte[] addStateClient(Set<State> states) {
        ByteBuffer request = header(ADD_STATE_CLIENT, STATES * Integer.BYTES);
        for (State state : State.values()) {
            request.putInt(states.contains(state) ? 1 : 0);
        }
        return bytes(request);
    }

    /** Whether the answer to {@link #addStateClient} means that none of the states holds now, so a message will come. */
    static boolean isRegistered(Answer answer) {
        return answer.value() == STATES;
    }

    static Answer answer(ByteBuffer bytes) {
        ByteBuffer header = bytes.duplicate().order(ByteOrder.nativeOrder());
        int result = header.getInt();
        header.getInt();
        return new Answer(result, header.getLong());
    }

    /** The state with this number; fails with IllegalArgumentException for a number that LXC 5 does not know. */
    static State state(long number) {
        if (number < 0 || number >= STATES) {
            throw new IllegalArgumentException("no state of LXC has the number " + number);
        }
        return State.values()[(int) number];
    }

    /** The state in a message of {@link #STATE_MESSAGE_BYTES}. */
    static State announced(ByteBuffer message) {
        return state(message.duplicate().order(ByteOrder.nativeOrder()).getInt(STATE_MESSAGE_BYTES - Integer.BYTES));
    }

    private static byte[] bytes(ByteBuffer complete) {
        byte[] bytes = new byte[complete.flip().remaining()];
        complete.get(bytes);
        return bytes;
    }

    private static ByteBuffer header(int command, int length) {
        return ByteBuffer.allocate(ANSWER_BYTES + length)
                .order(ByteOrder.nativeOrder())
                .putInt(command)
                .putInt(length)
                .putLong(0);
    }
}
