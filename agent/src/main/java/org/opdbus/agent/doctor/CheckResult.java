// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

/**
 * What a check found.
 *
 * @param check the name of the check
 * @param what the finding, in one line
 * @param why its consequence; empty if everything is correct
 * @param remedy what to do; empty if everything is correct
 */
public record CheckResult(String check, Severity severity, String what, String why, String remedy) {
    /** The severity. */
    public enum Severity {
        /** Everything is correct. */
        OK,
        /** The agent works, but the user should know something. */
        WARNING,
        /** Something does not work, or will not. */
        PROBLEM
    }

    static CheckResult ok(String check, String what) {
        return new CheckResult(check, Severity.OK, what, "", "");
    }

    static CheckResult warning(String check, String what, String why, String remedy) {
        return new CheckResult(check, Severity.WARNING, what, why, remedy);
    }

    static CheckResult problem(String check, String what, String why, String remedy) {
        return new CheckResult(check, Severity.PROBLEM, what, why, remedy);
    }
}
