// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.opdbus.verticles.uplink.wayback.PendingMove.AlarmState;

/**
 * Takes the way back at the deadline, whatever becomes of the process that arms it. Text that {@link #arm} returned names the alarm
 * to every later process.
 */
interface Alarm {
    /** Why an alarm takes the way back; a part of the line that tells people so. */
    String NOT_CONFIRMED = "it was not confirmed in time";

    /**
     * Arms it.
     *
     * @return what was armed, in one line for the journal
     * @throws IOException if it is not certain that it is armed; the message says why
     */
    String arm(Path script, Duration after) throws IOException;

    /** Returns whether what was armed still waits; changes nothing. */
    AlarmState state(String armed);

    /** Takes the way back now, and again and again until it is finished. */
    void fire(String armed, Path script) throws IOException;

    /** Ends it; does nothing if it has ended. */
    void disarm(String armed) throws IOException;
}
