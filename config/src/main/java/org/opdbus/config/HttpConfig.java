// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import org.opdbus.config.json.Limit;

/**
 * Where health and metrics are served.
 *
 * @param listen the address and port; port 0 lets the kernel choose
 * @param tokenFile the file with the token that callers must send if other hosts can reach the address, and always for captures
 */
public record HttpConfig(ListenAddress listen, Path tokenFile) {
    static final Limit<Path> TOKEN_FILE = Limit.absolutePath();

    public HttpConfig {
        TOKEN_FILE.check("tokenFile", tokenFile);
    }

    public static HttpConfig defaults() {
        return new HttpConfig(new ListenAddress("127.0.0.1", 8080), Path.of("/etc/op-dbus/http.token"));
    }
}
