// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

/**
 * How a state is applied.
 *
 * @param dryRun whether only to say what would be done
 * @param prune whether to destroy containers that the state applied last had and this one lacks
 * @param whole whether the state is all that is wanted; if not, it says nothing about containers that it does not name
 */
public record ApplyOptions(boolean dryRun, boolean prune, boolean whole) {
    /** Some containers, without a word about others. */
    public static ApplyOptions some() {
        return new ApplyOptions(false, false, false);
    }
}
