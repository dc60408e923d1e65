// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.nio.charset.StandardCharsets;

/** A fact about a program that called the agent. */
public sealed interface CallerEvent extends Event {
    /**
     * A program was allowed to make a change and asked for it. The event is published before the change; facts about the
     * change follow it.
     *
     * <p>Every value except the operation comes from another program, so each is cut to a length. Control characters stay:
     * the outputs for people escape them.
     *
     * @param operation the method that was called, such as {@code org.opdbus.Container1.Stop}, or what was written, such as {@code
     *     write Port.tag}
     * @param target what it is to change: a container, a bridge, a port; empty if the operation says it all
     * @param uid the user id of the program's process; -1 if the bus does not know it
     * @param pid the process, which may have ended since; 0 if the bus does not know it
     * @param process the name of the process; empty if it is not known
     * @param unit the systemd unit of the process; empty if there is none
     * @param busName the unique name of the program's connection, such as {@code :1.42}; empty if it called in another way
     */
    record ChangeRequested(
            String operation, String target, long uid, long pid, String process, String unit, String busName)
            implements CallerEvent {
        public static final int NAME_LENGTH_MAX = 256;
        public static final int PROCESS_LENGTH_MAX = 64;

        public ChangeRequested {
            if (operation.isEmpty()) {
                throw new IllegalArgumentException("a change without an operation");
            }
            operation = cut(operation, NAME_LENGTH_MAX);
            target = cut(target, NAME_LENGTH_MAX);
            process = cut(process, PROCESS_LENGTH_MAX);
            unit = cut(unit, NAME_LENGTH_MAX);
            busName = cut(busName, NAME_LENGTH_MAX);
        }

        @Override
        public String subject() {
            return target.isEmpty() ? operation : target;
        }

        /** Returns the beginning of a text, with a question mark for each half of a surrogate pair. */
        private static String cut(String text, int lengthMax) {
            String beginning = text.length() <= lengthMax ? text : text.substring(0, lengthMax);
            return new String(beginning.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        }
    }
}
