// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import java.util.Optional;

/**
 * Where to listen, and who may ask.
 *
 * @param port 0 lets the kernel choose
 * @param token what every caller has to show; empty if everybody who can reach the address may ask
 */
public record HttpOptions(String host, int port, Optional<String> token) {
    /** Without the token. */
    @Override
    public String toString() {
        return host + ":" + port + (token.isPresent() ? " with a token" : "");
    }
}
