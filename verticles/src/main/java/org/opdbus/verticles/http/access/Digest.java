// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash of a secret. It is kept and compared instead of the secret. */
record Digest(String hex) {
    static Digest of(String secret) {
        return new Digest(HexFormat.of().formatHex(sha256(secret)));
    }

    private static byte[] sha256(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns whether it is the same. Takes as long for one that differs in its last digit as for one that differs in its first. */
    boolean isEqual(Digest other) {
        return MessageDigest.isEqual(
                hex.getBytes(StandardCharsets.US_ASCII), other.hex.getBytes(StandardCharsets.US_ASCII));
    }
}
