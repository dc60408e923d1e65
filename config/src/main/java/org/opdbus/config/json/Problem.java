// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

/**
 * One thing that is wrong with a file.
 *
 * @param key where in the file, as its reader writes it: {@code enrollment.bridge}; empty for the file as a whole
 * @param message what is wrong there and what would be right; never the value of a secret
 */
public record Problem(String key, String message) {
    @Override
    public String toString() {
        return key.isEmpty() ? message : key + ": " + message;
    }
}
