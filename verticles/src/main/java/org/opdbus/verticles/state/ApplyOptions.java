// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

/**
 * The options of an apply.
 *
 * @param dryRun whether only to say what it would do
 * @param prune whether to destroy containers that the state applied last had and this one lacks
 * @param whole whether the state is complete; if not, it says nothing about containers that it does not name
 */
public record ApplyOptions(boolean dryRun, boolean prune, boolean whole) {
    /** Creates options for some containers, without effect on others. */
    public static ApplyOptions some() {
        return new ApplyOptions(false, false, false);
    }
}
