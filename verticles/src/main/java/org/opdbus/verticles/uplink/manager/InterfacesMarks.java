// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

/** The comments around what a move has written to a file of another program. */
final class InterfacesMarks {
    private static final String BEGIN = "# BEGIN op-dbus uplink ";
    private static final String END = "# END op-dbus uplink ";

    private InterfacesMarks() {}

    static String begin(String link) {
        return BEGIN + link + ": written by \"op-dbus uplink move\"; \"op-dbus uplink back " + link
                + "\" takes it back\n";
    }

    static String end(String link) {
        return END + link + "\n";
    }

    /** Returns whether a line begins what a move of this link has written. */
    static boolean isBegin(String line, String link) {
        return line.startsWith(BEGIN + link + ":");
    }
}
