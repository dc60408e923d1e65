// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.opdbus.config.json.JsonValues;
import org.opdbus.config.json.Limit;

/**
 * Where the page, the API, health and metrics are served.
 *
 * @param listen the address and port; port 0 lets the kernel choose
 * @param tokenFile the file with the token that callers must send if other hosts can reach the address, and always for captures
 * @param hosts the names of this host by which browsers may ask, beside its own name, {@code localhost} and addresses
 * @param tls what it is encrypted with
 */
public record HttpConfig(ListenAddress listen, Path tokenFile, List<String> hosts, HttpTlsConfig tls) {
    static final Limit<Path> TOKEN_FILE = Limit.absolutePath();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");

    public HttpConfig {
        TOKEN_FILE.check("tokenFile", tokenFile);
        hosts = List.copyOf(hosts);
        hosts.forEach(HttpConfig::name);
    }

    /**
     * Returns a name of a host.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "must be the name of a host, without a port (agent.example.com), is " + JsonValues.shown(text));
        }
        return text;
    }

    public static HttpConfig defaults() {
        return new HttpConfig(
                new ListenAddress("127.0.0.1", 8080),
                Path.of("/etc/op-dbus/http.token"),
                List.of(),
                HttpTlsConfig.defaults());
    }
}
