// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster.nats;

/** Strings of the configuration of a nats-server. */
final class Quoted {
    private Quoted() {}

    /**
     * Returns a text in quotes.
     *
     * @throws IllegalArgumentException if it has characters that nothing here needs, which the server could read otherwise
     */
    static String text(String text) {
        if (!text.matches("[ -~&&[^\"\\\\]]*")) {
            throw new IllegalArgumentException("it has characters other than plain ones: " + text);
        }
        return '"' + text + '"';
    }
}
