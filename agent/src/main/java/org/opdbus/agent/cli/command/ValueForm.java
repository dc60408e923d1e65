// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

/** Decides which texts can be the value of an option. Implementations are classes: a lambda would be linked at each start. */
public interface ValueForm {
    /**
     * Refuses a text that is not of this form.
     *
     * @throws IllegalArgumentException with what is wrong, as it follows "Invalid value for option …: "
     */
    void check(String text);
}
