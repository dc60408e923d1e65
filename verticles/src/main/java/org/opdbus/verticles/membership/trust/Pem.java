// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** Keys and certificates as bytes and as text (RFC 7468). Keys are ECDSA P-256, which every Java supports. */
public final class Pem {
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final int LINE_LENGTH = 64;

    private Pem() {}

    /** Makes a new key. */
    public static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    public static String text(PrivateKey key) {
        return armoured(KEY, key.getEncoded());
    }

    public static String text(X509Certificate certificate) {
        return armoured(CERTIFICATE, encoded(certificate));
    }

    /** Returns the key in a text. */
    static PrivateKey key(String text) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(inside(KEY, text)));
    }

    /** Returns the first certificate in a text. */
    public static X509Certificate certificate(String text) throws GeneralSecurityException {
        return certificate(inside(CERTIFICATE, text));
    }

    public static X509Certificate certificate(byte[] encoded) throws CertificateException {
        return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(encoded));
    }

    static X509CRL revocations(byte[] encoded) throws CertificateException, CRLException {
        return (X509CRL) factory().generateCRL(new ByteArrayInputStream(encoded));
    }

    public static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    public static byte[] encoded(X509CRL revocations) {
        try {
            return revocations.getEncoded();
        } catch (CRLException e) {
            throw new IllegalStateException("a revocation list that was read can be written", e);
        }
    }

    /** Returns the SHA-256 of a certificate in lower-case hexadecimal; people and tokens identify it by this. */
    public static String fingerprint(X509Certificate certificate) {
        return HexFormat.of().formatHex(sha256(encoded(certificate)));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509");
    }

    private static String armoured(String label, byte[] bytes) {
        String lines = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private static byte[] inside(String label, String text) throws GeneralSecurityException {
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new GeneralSecurityException("there is no " + label + " in it");
        }
        try {
            return Base64.getMimeDecoder()
                    .decode(text.substring(from + begin.length(), to).getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("its " + label + " is not base64", e);
        }
    }
}
