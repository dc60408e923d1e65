// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

/** The form of a whole number that a {@code long} can hold. */
public final class WholeNumber implements ValueForm {
    @Override
    public void check(String text) {
        try {
            Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a long", e);
        }
    }
}
