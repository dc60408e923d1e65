// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.http.access.AccessTokenFile;
import org.opdbus.verticles.http.access.ServerTls;

/**
 * Where to listen, and who may ask.
 *
 * @param port 0 lets the kernel choose
 * @param token the token that every caller must send; empty if every caller who can reach the
 * address may ask
 * @param captureToken the token for captures; empty if no caller may capture yet
 * @param tokenFile is watched for another token; empty if the token stays as it is
 * @param names the names by which browsers may ask, beside addresses and {@code localhost}
 * @param tls encrypts each connection; empty for HTTP without encryption
 */
public record HttpOptions(
        String host,
        int port,
        Optional<String> token,
        Optional<String> captureToken,
        Optional<AccessTokenFile> tokenFile,
        Set<String> names,
        Optional<ServerTls> tls) {
    public HttpOptions {
        names = Set.copyOf(names);
    }

    /** Omits the tokens. */
    @Override
    public String toString() {
        return host + ":" + port + (token.isPresent() ? " with a token" : "");
    }
}
