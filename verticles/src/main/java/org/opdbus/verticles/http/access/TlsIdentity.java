// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * With what the server shows a browser that it is this host.
 *
 * @param chain the certificate of the host first
 */
record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    private static final int FILE_BYTES_MAX = 64 << 10;
    /** The rights of other users, and the right of the group to write. A group such as ssl-cert may read. */
    private static final int TOO_OPEN = 0027;

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END");
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    TlsIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads the files, and checks that they belong together. Waits for the disk.
     *
     * @throws IOException if they cannot be used; the message says what to do and shows nothing of the key
     */
    static TlsIdentity read(Path certificateFile, Path keyFile) throws IOException {
        List<X509Certificate> chain = chain(certificateFile, text(certificateFile, "http.tls.certificate", 0));
        X509Certificate own = chain.get(0);
        PrivateKey key = key(keyFile, text(keyFile, "http.tls.key", TOO_OPEN), own.getPublicKey());
        if (!isOf(key, own.getPublicKey())) {
            throw new IOException("the key in " + keyFile + " is not the key of the first certificate in "
                    + certificateFile + ", which is for " + own.getSubjectX500Principal()
                    + ": name the files that were made together");
        }
        return new TlsIdentity(key, chain);
    }

    private static String text(Path file, String setting, int forbidden) throws IOException {
        try (RegularFile opened = RegularFile.open(file)) {
            if ((opened.facts().mode() & forbidden) != 0) {
                throw new IOException(
                        file + " can be read by every user, or written by its group: chmod o=,g-w " + file);
            }
            return new String(opened.read(FILE_BYTES_MAX), StandardCharsets.US_ASCII);
        } catch (FileSystemException unusable) {
            throw new IOException(
                    "the agent cannot read " + setting + ": " + unusable.getMessage()
                            + "; put a PEM file there, or leave http.tls out",
                    unusable);
        }
    }

    private static List<X509Certificate> chain(Path file, String text) throws IOException {
        try {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(certificates(text)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (CertificateException malformed) {
            throw new IOException(
                    file + " has a certificate that cannot be read: " + malformed.getMessage(), malformed);
        }
        throw new IOException(
                file + " has no certificate: it needs the lines from BEGIN CERTIFICATE to END CERTIFICATE");
    }

    /** Leaves out what is between the certificates: a key, or a text for people. */
    private static byte[] certificates(String text) {
        StringBuilder only = new StringBuilder();
        Matcher each = Pattern.compile("-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]*-----END CERTIFICATE-----\\s")
                .matcher(text + "\n");
        while (each.find()) {
            only.append(each.group());
        }
        return only.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static PrivateKey key(Path file, String text, PublicKey of) throws IOException {
        Matcher found = KEY.matcher(text);
        if (!found.find()) {
            throw new IOException(file + " has no key: it needs the lines from BEGIN PRIVATE KEY to END PRIVATE KEY");
        }
        if (!found.group(1).isEmpty()) {
            throw new IOException(
                    file + " has the key in another form (" + found.group(1) + "PRIVATE KEY); convert it: "
                            + "(umask 077; openssl pkey -in " + file + " -out " + file + ".pkcs8)");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(found.group(2));
            return KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw new IOException(
                    file + " has no key that can be read for a certificate with " + of.getAlgorithm(), unreadable);
        }
    }

    private static boolean isOf(PrivateKey key, PublicKey other) {
        try {
            byte[] any = {1, 2, 3};
            Signature signature =
                    Signature.getInstance(SIGNATURES.getOrDefault(other.getAlgorithm(), other.getAlgorithm()));
            signature.initSign(key);
            signature.update(any);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(any);
            return signature.verify(signed);
        } catch (GeneralSecurityException unfit) {
            return false;
        }
    }
}
