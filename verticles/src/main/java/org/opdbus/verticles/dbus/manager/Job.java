// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import java.util.Locale;

/**
 * Work that takes long.
 *
 * @param progress what was done last, in words
 * @param result the report, or why it failed; empty while it runs
 */
record Job(long id, State state, String progress, String result) {
    /** How far it is. */
    enum State {
        RUNNING,
        DONE,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Job withProgress(String line) {
        return new Job(id, state, line, result);
    }

    Job ended(State end, String what) {
        return new Job(id, end, progress, what);
    }
}
