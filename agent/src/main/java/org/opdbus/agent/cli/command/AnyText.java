// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

/** The form of every text. */
public final class AnyText implements ValueForm {
    @Override
    public void check(String text) {
        // Nothing is refused.
    }
}
