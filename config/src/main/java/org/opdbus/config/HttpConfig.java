// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

/**
 * Where health and metrics are served.
 *
 * @param listen the address and port
 */
public record HttpConfig(ListenAddress listen) {
    public static HttpConfig defaults() {
        return new HttpConfig(new ListenAddress("127.0.0.1", 8080));
    }
}
