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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates as bytes and as text (RFC 7468). Keys are ECDSA P-256, which every Java supports. */
public final class Pem {
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final Pattern KEY_IN_TEXT =
            Pattern.compile("-----BEGIN " + KEY + "-----([^-]*)-----END " + KEY + "-----");
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

    /**
     * Returns the key in a text.
     *
     * @throws IllegalArgumentException if it is not base64
     */
    static PrivateKey key(String text) throws GeneralSecurityException {
        Matcher found = KEY_IN_TEXT.matcher(text);
        if (!found.find()) {
            throw new GeneralSecurityException("there is no " + KEY + " in it");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** Returns the certificates in a text, which has nothing else after the first. */
    static List<X509Certificate> certificates(String text) throws CertificateException {
        String only = text.substring(Math.max(0, text.indexOf("-----BEGIN " + CERTIFICATE)));
        return factory()
                .generateCertificates(new ByteArrayInputStream(only.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** Returns the certificate that these bytes are, in DER or as text. */
    public static X509Certificate certificate(byte[] encoded) throws CertificateException {
        return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(encoded));
    }

    public static X509CRL revocations(byte[] encoded) throws CertificateException, CRLException {
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
}
