// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

/** The signal by which daemons are told to read their files again (signal(7), SIGHUP). */
final class Hangup {
    private Hangup() {}

    /** Does this whenever the signal comes. Java has no other way to hear a signal than this class of {@code jdk.unsupported}. */
    @SuppressWarnings("sunapi")
    static void handle(Runnable work) {
        sun.misc.Signal.handle(new sun.misc.Signal("HUP"), signal -> work.run());
    }
}
