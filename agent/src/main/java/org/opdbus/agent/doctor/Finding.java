// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

/**
 * What a check found.
 *
 * @param check the name of the check
 * @param what what is so, in one line
 * @param why what follows from it; empty if all is well
 * @param remedy what to do; empty if all is well
 */
public record Finding(String check, Severity severity, String what, String why, String remedy) {
    /** How bad it is. */
    public enum Severity {
        /** As it should be. */
        OK,
        /** The agent works, but something is worth knowing. */
        WARNING,
        /** Something does not work, or will not. */
        PROBLEM
    }

    static Finding ok(String check, String what) {
        return new Finding(check, Severity.OK, what, "", "");
    }

    static Finding warning(String check, String what, String why, String remedy) {
        return new Finding(check, Severity.WARNING, what, why, remedy);
    }

    static Finding problem(String check, String what, String why, String remedy) {
        return new Finding(check, Severity.PROBLEM, what, why, remedy);
    }
}
