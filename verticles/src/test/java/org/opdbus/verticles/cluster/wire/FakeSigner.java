// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.util.Arrays;

/** Signs with a hash: enough where no member lies. */
public final class FakeSigner implements MessageSigner {
    private final byte[] name;

    public FakeSigner(String name) {
        this.name = name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Signature sign(byte[] text) {
        return new Signature(name, hash(name, text));
    }

    @Override
    public String signer(byte[] text, Signature signature) throws CertificateException {
        if (!Arrays.equals(hash(signature.certificate(), text), signature.value())) {
            throw new CertificateException("the hash is another one");
        }
        return new String(signature.certificate(), StandardCharsets.UTF_8);
    }

    private static byte[] hash(byte[] name, byte[] text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(name);
            return sha.digest(text);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
