// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

/** Decides which texts can be the value of an option. */
public interface ValueForm {
    /** Every text. */
    ValueForm ANY = new Any();

    /** A whole number that a {@code long} can hold. */
    ValueForm NUMBER = new WholeNumber();

    /**
     * Refuses a text that is not of this form.
     *
     * @throws IllegalArgumentException with what is wrong, as it follows "Invalid value for option …: "
     */
    void check(String text);

    // These are classes and not lambda expressions, which would be linked anew at each start.

    /** The form of {@link #ANY}. */
    final class Any implements ValueForm {
        private Any() {}

        @Override
        public void check(String text) {
            // Nothing is refused.
        }
    }

    /** The form of {@link #NUMBER}. */
    final class WholeNumber implements ValueForm {
        private WholeNumber() {}

        @Override
        public void check(String text) {
            try {
                Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' is not a long", e);
            }
        }
    }
}
