// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.util.Base64;

/** Signs with a hash: enough where no member lies. */
public final class FakeSigner implements MessageSigner {
    private final String name;

    public FakeSigner(String name) {
        this.name = Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Signature sign(byte[] text) {
        return new Signature(name, hash(name, text));
    }

    @Override
    public String signer(byte[] text, Signature signature) throws CertificateException {
        if (!hash(signature.certificate(), text).equals(signature.value())) {
            throw new CertificateException("the hash is another one");
        }
        return new String(Base64.getDecoder().decode(signature.certificate()), StandardCharsets.UTF_8);
    }

    private static String hash(String name, byte[] text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(name.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(sha.digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
