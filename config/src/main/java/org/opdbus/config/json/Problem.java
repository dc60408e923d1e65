// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

/**
 * An error in a file.
 *
 * @param key its place in the file, in the notation of the reader: {@code enrollment.bridge}; empty for the file as a
 * whole
 * @param message the error and the correction; never the value of a secret
 */
public record Problem(String key, String message) {
    @Override
    public String toString() {
        return key.isEmpty() ? message : key + ": " + message;
    }
}
