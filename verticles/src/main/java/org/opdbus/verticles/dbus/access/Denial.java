// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

/** Why a call was refused. */
enum Denial {
    /** The bus did not say who calls. */
    UNIDENTIFIED("AccessDenied", "the bus does not say who calls"),
    /** Only root may call it, and polkit is not asked. */
    NOT_ROOT("AccessDenied", "the caller is not root"),
    /** Polkit says no. */
    POLKIT_REFUSES("AccessDenied", "polkit does not allow it"),
    /** Polkit would ask a person for a password, and the call does not allow that. */
    NEEDS_PERSON(
            "InteractiveAuthorizationRequired",
            "polkit wants a password, and the call does not allow it to ask (try: gdbus call --interactive)"),
    /** Polkit would ask a person for a password, and has no way to. */
    NEEDS_AGENT("AccessDenied", "polkit wants a password, and no agent of the caller can ask for it (try: pkttyagent)"),
    /** There is no polkitd, and the bus cannot start one. */
    POLKIT_ABSENT("AccessDenied", "polkit is not there (is polkitd installed, and does it start?)"),
    /** Polkitd did not answer in time, or ended first. */
    POLKIT_SILENT("AccessDenied", "polkit does not answer (does polkitd run?)"),
    /** Polkitd answered something else. Most often it does not know the action. */
    POLKIT_FAILS(
            "AccessDenied",
            "polkit cannot decide (is org.opdbus.policy in /usr/share/polkit-1/actions, and does polkitd log an error?)"),
    /** The caller, or all callers together, have too many questions to polkit under way. */
    TOO_MANY_QUESTIONS("LimitsExceeded", "too many calls wait for polkit; try again when they are answered");

    private final String error;
    private final String why;

    Denial(String error, String why) {
        this.error = error;
        this.why = why;
    }

    /** Returns the last part of the D-Bus error name. */
    String error() {
        return error;
    }

    /** Returns the reason as a part of a sentence. */
    String why() {
        return why;
    }
}
