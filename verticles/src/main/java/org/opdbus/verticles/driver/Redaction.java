// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.util.Comparator;
import java.util.List;

/** Removes secrets from text. */
final class Redaction {
    private static final String STRUCK = "***";

    private final List<String> secrets;

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    static Redaction of(List<String> secrets) {
        // The longest first, because one secret may be the beginning of another.
        return new Redaction(secrets.stream()
                .filter(secret -> !secret.isBlank())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    String strike(String text) {
        String struck = text;
        for (String secret : secrets) {
            struck = struck.replace(secret, STRUCK);
        }
        return struck;
    }

    /** Removes them from the beginning of a longer text, which may end within a secret. */
    String strikeHead(String head) {
        String struck = strike(head);
        int cut = 0;
        for (String secret : secrets) {
            for (int length = Math.min(secret.length() - 1, struck.length()); length > cut; length--) {
                if (struck.endsWith(secret.substring(0, length))) {
                    cut = length;
                }
            }
        }
        return struck.substring(0, struck.length() - cut);
    }

    /** Removes them from the end of a longer text, which may begin within a secret. */
    String strikeTail(String tail) {
        String struck = strike(tail);
        int cut = 0;
        for (String secret : secrets) {
            for (int length = Math.min(secret.length() - 1, struck.length()); length > cut; length--) {
                if (struck.startsWith(secret.substring(secret.length() - length))) {
                    cut = length;
                }
            }
        }
        return struck.substring(cut);
    }
}
