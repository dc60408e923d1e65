// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.text;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The hashes of a ledger. Not safe for use by several threads at once.
 *
 * <p>The hashed messages are short, so the platform's digest gets each message in one piece: parts would go through
 * its block buffer one by one, which takes longer than the hash.
 */
public final class Sha256 {
    public static final int BYTES = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest digest;
    private final byte[] message = new byte[2048];

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public static byte[] of(byte[] bytes) {
        Sha256 sha = new Sha256();
        sha.update(bytes, 0, bytes.length);
        byte[] hash = new byte[BYTES];
        sha.finish(hash, 0);
        return hash;
    }

    public Sha256 update(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
        return this;
    }

    public void finish(byte[] into, int at) {
        try {
            digest.digest(into, at, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("no space for a hash", e);
        }
    }

    /** One of several hashes that stand one after the other. */
    public static byte[] at(byte[] hashes, int index) {
        return Arrays.copyOfRange(hashes, index * BYTES, (index + 1) * BYTES);
    }

    /** The hash of two parts of an array, one after the other. */
    public void parts(byte[] bytes, int from, int length, int secondFrom, int secondLength, byte[] into, int at) {
        if (length + secondLength <= message.length) {
            System.arraycopy(bytes, from, message, 0, length);
            System.arraycopy(bytes, secondFrom, message, length, secondLength);
            update(message, 0, length + secondLength);
        } else {
            update(bytes, from, length).update(bytes, secondFrom, secondLength);
        }
        finish(into, at);
    }

    /** The hash of a leaf of the tree (RFC 6962 section 2.1). */
    public void leaf(byte[] line, int from, int length, byte[] into, int at) {
        if (length < message.length) {
            message[0] = LEAF;
            System.arraycopy(line, from, message, 1, length);
            update(message, 0, length + 1);
        } else {
            digest.update(LEAF);
            update(line, from, length);
        }
        finish(into, at);
    }

    /** The hash of an inner node of the tree (RFC 6962 section 2.1). */
    public byte[] node(byte[] left, byte[] right) {
        message[0] = NODE;
        System.arraycopy(left, 0, message, 1, BYTES);
        System.arraycopy(right, 0, message, 1 + BYTES, BYTES);
        byte[] node = new byte[BYTES];
        update(message, 0, 1 + 2 * BYTES).finish(node, 0);
        return node;
    }
}
