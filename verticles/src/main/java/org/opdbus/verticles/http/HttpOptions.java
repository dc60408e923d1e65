// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import java.util.Optional;

/**
 * Where to listen, and who may ask.
 *
 * @param port 0 lets the kernel choose
 * @param token the token that every caller must send; empty if every caller who can reach the
 * address may ask
 */
public record HttpOptions(String host, int port, Optional<String> token) {
    /** Omits the token. */
    @Override
    public String toString() {
        return host + ":" + port + (token.isPresent() ? " with a token" : "");
    }
}
