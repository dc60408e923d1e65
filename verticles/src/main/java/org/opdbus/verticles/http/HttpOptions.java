// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import java.util.Optional;

/**
 * Where to listen, and who may ask.
 *
 * @param port 0 lets the kernel choose
 * @param token the token that every caller must send; empty if every caller who can reach the
 * address may ask
 * @param captureToken the token for captures; empty if no caller may capture
 */
public record HttpOptions(String host, int port, Optional<String> token, Optional<String> captureToken) {
    /** Omits the tokens. */
    @Override
    public String toString() {
        return host + ":" + port + (token.isPresent() ? " with a token" : "");
    }
}
