// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes that a ledger is made of. Not safe for use by several threads at once. */
final class Sha256 {
    static final int BYTES = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static byte[] of(byte[] bytes) {
        Sha256 sha = new Sha256();
        sha.update(bytes, 0, bytes.length);
        byte[] hash = new byte[BYTES];
        sha.finish(hash, 0);
        return hash;
    }

    Sha256 update(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
        return this;
    }

    void finish(byte[] into, int at) {
        try {
            digest.digest(into, at, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("no room for a hash", e);
        }
    }

    /** The hash of a leaf of the tree (RFC 6962 section 2.1). */
    void leaf(byte[] line, int from, int length, byte[] into, int at) {
        digest.update(LEAF);
        update(line, from, length).finish(into, at);
    }

    /** The hash of an inner node of the tree (RFC 6962 section 2.1). */
    byte[] node(byte[] left, byte[] right) {
        digest.update(NODE);
        digest.update(left);
        digest.update(right);
        return digest.digest();
    }
}
